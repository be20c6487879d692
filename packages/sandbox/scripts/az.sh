#!/usr/bin/env bash
# az, unmodified, at the sandbox: prints one line a command, and in the end how many work.
#   hma sandbox &   eval "$(hma sandbox env)"   packages/sandbox/scripts/az.sh [WORD…]
# AZ names the program where it is not in the path. Each command is run as it stands; the sandbox is to be new, with `replicationLag` at 0
# (az reads at once what it has just written). With words, only the groups of that name: account, management, groups, vaults, secrets, …
set -u
AZ=${AZ:-az}
export AZURE_CONFIG_DIR=${AZURE_CONFIG_DIR:-$(mktemp -d)} AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_NO_COLOR=yes
files=$(mktemp -d)
subscription=/subscriptions/$AZURE_SUBSCRIPTION_ID
passed=0 failed=0

try() {
  # Neither a secret nor pages of a policy, nor what differs from run to run.
  local shown="$*"
  shown=${shown//$AZURE_CLIENT_SECRET/…}
  shown=$(echo "${shown//$files\//}" | head -1 | sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/…/g' | cut -c1-120)
  if "$AZ" "$@" --only-show-errors -o json >"$files/said" 2>&1; then
    passed=$((passed + 1)); echo "ok      az $shown"
  else
    failed=$((failed + 1)); echo "FAILED  az $shown"; tail -2 "$files/said" | cut -c1-400
  fi
}

# What the last command said at a JMESPath, without quotes.
said() { "${PYTHON:-python3}" -c 'import json,sys
found = json.load(open(sys.argv[1]))
for step in sys.argv[2].split("."): found = found[int(step) if step.isdigit() else step]
print(found)' "$files/said" "$1"; }

account() {
  try login --service-principal -u "$AZURE_CLIENT_ID" -p "$AZURE_CLIENT_SECRET" -t "$AZURE_TENANT_ID"
  try account show
  try account list
  try account list-locations
  try account get-access-token
  try provider list
  try provider show -n Microsoft.KeyVault
  try provider register -n Microsoft.Storage
}

management() {
  try account management-group create -n az-upper --display-name Upper
  try account management-group create -n az-lower --parent az-upper
  try account management-group list
  try account management-group show -n az-upper --expand --recurse
  try account management-group update -n az-lower --display-name Lower
  try account management-group check-name-availability -n az-free
  try account management-group subscription add -n az-lower --subscription "$AZURE_SUBSCRIPTION_ID"
  try account management-group subscription show -n az-lower --subscription "$AZURE_SUBSCRIPTION_ID"
  try account management-group subscription show-sub-under-mg -n az-lower
  try account management-group entities list
  try role assignment create --assignee "$AZURE_CLIENT_ID" --role Reader --scope /providers/Microsoft.Management/managementGroups/az-upper
  try role assignment list --assignee "$AZURE_CLIENT_ID" --scope "$subscription" --include-inherited
  try account management-group subscription remove -n az-lower --subscription "$AZURE_SUBSCRIPTION_ID"
  try account management-group delete -n az-lower
  try account management-group delete -n az-upper
}

groups() {
  try group list
  try group create -n rg-az -l westeurope --tags env=test
  try group exists -n rg-az
  try group update -n rg-az --set tags.env=prod
  try group show -n rg-az
  try resource list -g rg-az
  try tag create --resource-id "$subscription/resourceGroups/rg-az" --tags one=1
  try tag update --resource-id "$subscription/resourceGroups/rg-az" --operation Merge --tags two=2
  try tag list --resource-id "$subscription/resourceGroups/rg-az"
  try lock create -n keep -g rg-az --lock-type CanNotDelete
  try lock list -g rg-az
  try lock show -n keep -g rg-az
  try lock update -n keep -g rg-az --notes reason
  try lock delete -n keep -g rg-az
}

vaults() {
  try keyvault check-name -n kv-az-sandbox
  try keyvault create -n kv-az-sandbox -g rg-az -l westeurope --enable-rbac-authorization true
  try keyvault list
  try keyvault show -n kv-az-sandbox
  try keyvault update -n kv-az-sandbox --set tags.env=test
  try keyvault network-rule add -n kv-az-sandbox --ip-address 203.0.113.7
  try keyvault network-rule list -n kv-az-sandbox
  try keyvault network-rule remove -n kv-az-sandbox --ip-address 203.0.113.7/32
  try resource show --ids "$subscription/resourceGroups/rg-az/providers/Microsoft.KeyVault/vaults/kv-az-sandbox"
  try resource tag --ids "$subscription/resourceGroups/rg-az/providers/Microsoft.KeyVault/vaults/kv-az-sandbox" --tags by=az
  try keyvault create -n kv-az-policies -g rg-az -l westeurope --enable-rbac-authorization false
  try keyvault set-policy -n kv-az-policies --spn "$AZURE_CLIENT_ID" --secret-permissions get list set
  try keyvault delete-policy -n kv-az-policies --spn "$AZURE_CLIENT_ID"
  try keyvault delete -n kv-az-policies
  try keyvault list-deleted
  try keyvault show-deleted -n kv-az-policies
  try keyvault recover -n kv-az-policies
}

secrets() {
  local at=(--vault-name kv-az-sandbox)
  try keyvault secret set "${at[@]}" -n one --value 1
  try keyvault secret list "${at[@]}"
  try keyvault secret show "${at[@]}" -n one
  try keyvault secret set-attributes "${at[@]}" -n one --content-type text/plain
  try keyvault secret list-versions "${at[@]}" -n one
  try keyvault secret download "${at[@]}" -n one -f "$files/secret"
  try keyvault secret backup "${at[@]}" -n one -f "$files/secret.backup"
  try keyvault secret delete "${at[@]}" -n one
  try keyvault secret list-deleted "${at[@]}"
  try keyvault secret recover "${at[@]}" -n one
  sleep 1
  try keyvault secret delete "${at[@]}" -n one
  try keyvault secret purge "${at[@]}" -n one
  try keyvault secret restore "${at[@]}" -f "$files/secret.backup"
}

certificates() {
  local at=(--vault-name kv-az-sandbox)
  try keyvault certificate create "${at[@]}" -n cert -p "$("$AZ" keyvault certificate get-default-policy)"
  try keyvault certificate show "${at[@]}" -n cert
  try keyvault certificate list "${at[@]}"
  try keyvault certificate list-versions "${at[@]}" -n cert
  try keyvault certificate set-attributes "${at[@]}" -n cert --tags env=test
  try keyvault certificate pending show "${at[@]}" -n cert
  try keyvault certificate download "${at[@]}" -n cert -f "$files/cert.pem"
  try keyvault secret download "${at[@]}" -n cert -f "$files/cert.pfx" --encoding base64
  try keyvault certificate import "${at[@]}" -n imported -f "$files/cert.pfx"
  try keyvault certificate backup "${at[@]}" -n cert -f "$files/cert.backup"
  try keyvault certificate contact add "${at[@]}" --email a@example.com
  try keyvault certificate contact list "${at[@]}"
  try keyvault certificate contact delete "${at[@]}" --email a@example.com
  try keyvault certificate issuer create "${at[@]}" --issuer-name ours --provider-name Test
  try keyvault certificate issuer list "${at[@]}"
  try keyvault certificate issuer delete "${at[@]}" --issuer-name ours
  try keyvault certificate delete "${at[@]}" -n cert
  try keyvault certificate list-deleted "${at[@]}"
  try keyvault certificate recover "${at[@]}" -n cert
  sleep 1 # Like the vault itself, az does not wait until it is back.
  try keyvault certificate delete "${at[@]}" -n cert
  try keyvault certificate purge "${at[@]}" -n cert
  try keyvault certificate restore "${at[@]}" -f "$files/cert.backup"
}

keys() {
  local at=(--vault-name kv-az-sandbox)
  try keyvault key create "${at[@]}" -n key --kty RSA
  try keyvault key list "${at[@]}"
  try keyvault key show "${at[@]}" -n key
  try keyvault key set-attributes "${at[@]}" -n key --tags env=test
  try keyvault key encrypt "${at[@]}" -n key -a RSA-OAEP-256 --value aGVsbG8= --data-type base64
  try keyvault key decrypt "${at[@]}" -n key -a RSA-OAEP-256 --value "$(said result)" --data-type base64
  local digest
  digest=$(printf hello | openssl dgst -sha256 -binary | base64)
  try keyvault key sign "${at[@]}" -n key -a RS256 --digest "$digest"
  try keyvault key verify "${at[@]}" -n key -a RS256 --digest "$digest" --signature "$(said signature)"
  try keyvault key rotation-policy update "${at[@]}" -n key --value '{"lifetimeActions":[{"trigger":{"timeAfterCreate":"P90D"},"action":{"type":"Rotate"}}],"attributes":{"expiryTime":"P2Y"}}'
  try keyvault key rotation-policy show "${at[@]}" -n key
  try keyvault key rotate "${at[@]}" -n key
  try keyvault key list-versions "${at[@]}" -n key
  try keyvault key download "${at[@]}" -n key -f "$files/key.pem"
  openssl ecparam -name prime256v1 -genkey -noout -out "$files/ec.pem" 2>/dev/null
  try keyvault key import "${at[@]}" -n mine --pem-file "$files/ec.pem"
  try keyvault key backup "${at[@]}" -n key -f "$files/key.backup"
  try keyvault key delete "${at[@]}" -n key
  try keyvault key list-deleted "${at[@]}"
  try keyvault key purge "${at[@]}" -n key
  try keyvault key restore "${at[@]}" -f "$files/key.backup"
}

roles() {
  try role definition list --name Reader
  try role definition create --role-definition "{\"Name\":\"az-role\",\"Description\":\"d\",\"Actions\":[\"Microsoft.KeyVault/vaults/read\"],\"AssignableScopes\":[\"$subscription\"]}"
  try role definition list --custom-role-only
  try role definition delete --name az-role
  try role assignment list --all
  try role assignment create --assignee "$AZURE_CLIENT_ID" --role "Key Vault Reader" --scope "$subscription/resourceGroups/rg-az"
  try role assignment list --assignee "$AZURE_CLIENT_ID" --scope "$subscription/resourceGroups/rg-az"
  try role assignment delete --assignee "$AZURE_CLIENT_ID" --role "Key Vault Reader" --scope "$subscription/resourceGroups/rg-az"
}

apps() {
  local app
  try ad app create --display-name az-app
  app=$(said appId)
  try ad app list --display-name az-app
  try ad app list --filter "startswith(displayName,'az-')"
  try ad app show --id "$app"
  try ad app update --id "$app" --web-redirect-uris https://example.com/back
  try ad app update --id "$app" --identifier-uris "api://$app"
  try ad app credential reset --id "$app"
  try ad app credential reset --id "$app" --create-cert --append
  try ad app credential list --id "$app"
  try ad app credential list --id "$app" --cert
  try ad app credential delete --id "$app" --cert --key-id "$(said 0.keyId)"
  try ad app federated-credential create --id "$app" --parameters '{"name":"github","issuer":"https://token.actions.githubusercontent.com","subject":"repo:a/b:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}'
  try ad app federated-credential list --id "$app"
  try ad app federated-credential show --id "$app" --federated-credential-id github
  try ad app federated-credential update --id "$app" --federated-credential-id github --parameters '{"issuer":"https://token.actions.githubusercontent.com","subject":"repo:a/b:ref:refs/heads/next","audiences":["api://AzureADTokenExchange"]}'
  try ad app federated-credential delete --id "$app" --federated-credential-id github
  try ad sp create --id "$app"
  local graph=00000003-0000-0000-c000-000000000000
  try ad app permission add --id "$app" --api $graph --api-permissions e1fe6dd8-ba31-4d61-89e7-88639da4683d=Scope
  try ad app permission list --id "$app"
  try ad app permission grant --id "$app" --api $graph --scope User.Read
  try ad app permission list-grants --id "$app"
  try ad app permission delete --id "$app" --api $graph
  try ad sp show --id "$app"
  try ad sp list --display-name az
  try ad sp update --id "$app" --set tags='["made-by-az"]'
  try ad sp credential reset --id "$app"
  try ad sp credential list --id "$app"
  try ad sp owner list --id "$app"
  try ad sp delete --id "$app"
  try ad sp create-for-rbac -n az-rbac
  try ad sp create-for-rbac -n az-rbac-scoped --role Reader --scopes "$subscription/resourceGroups/rg-az"
  try ad app delete --id "$app"
}

people() {
  local user group domain
  domain=$("$AZ" rest --url https://graph.microsoft.com/v1.0/domains --query 'value[0].id' -o tsv)
  try ad user create --display-name az-user --password 'Not-Used-1234' --user-principal-name "az-user@$domain"
  user=$(said id)
  try ad user list
  try ad user show --id "$user"
  try ad user update --id "$user" --display-name az-renamed
  try ad group create --display-name az-group --mail-nickname azgroup
  group=$(said id)
  try ad group list
  try ad group show --group "$group"
  try ad group member add --group "$group" --member-id "$user"
  try ad group member list --group "$group"
  try ad group member check --group "$group" --member-id "$user"
  try ad user get-member-groups --id "$user"
  try ad group owner add --group "$group" --owner-object-id "$user"
  try ad group owner list --group "$group"
  try ad group get-member-groups --group "$group"
  try ad group member remove --group "$group" --member-id "$user"
  try ad group delete --group "$group"
  try ad user delete --id "$user"
}

rest() {
  try rest --method get --url https://graph.microsoft.com/v1.0/organization
  try rest --method get --url "$subscription?api-version=2022-12-01"
  try rest --method get --url https://kv-az-sandbox.vault.azure.net/secrets?api-version=7.4 --resource https://vault.azure.net
}

ending() {
  try group delete -n rg-az --yes
  try keyvault purge -n kv-az-policies
  try account clear
}

echo "# az $("$AZ" version --query '"azure-cli"' -o tsv), $(date +%F)"
for group in "${@:-account management groups vaults secrets certificates keys roles apps people rest ending}"; do
  for one in $group; do "$one"; done
done
echo "$passed work, $failed do not."
[ "$failed" -eq 0 ]
