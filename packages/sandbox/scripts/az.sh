#!/usr/bin/env bash
# az, unmodified, at the sandbox: prints one line a command, and in the end how many work.
#   hma sandbox &   eval "$(hma sandbox env)"   packages/sandbox/scripts/az.sh
# AZ names the program where it is not in the path. Each of COMMANDS is run as it stands.
set -u
AZ=${AZ:-az}
export AZURE_CONFIG_DIR=${AZURE_CONFIG_DIR:-$(mktemp -d)} AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_NO_COLOR=yes
passed=0 failed=0

try() {
  local said
  local shown="$*"
  # Neither a secret nor pages of a policy.
  shown=$(echo "${shown//$AZURE_CLIENT_SECRET/…}" | head -1 | cut -c1-120)
  if said=$("$AZ" "$@" --only-show-errors -o json 2>&1); then
    passed=$((passed + 1)); echo "ok      az $shown"
  else
    failed=$((failed + 1)); echo "FAILED  az $shown"; echo "$said" | tail -2 | cut -c1-400
  fi
}

try login --service-principal -u "$AZURE_CLIENT_ID" -p "$AZURE_CLIENT_SECRET" -t "$AZURE_TENANT_ID"
try account show
try account list-locations
try provider show -n Microsoft.KeyVault
try provider register -n Microsoft.Storage
try group list
try group create -n rg-az -l westeurope --tags env=test
try group exists -n rg-az
try group update -n rg-az --set tags.env=prod
try resource list -g rg-az
try tag list --resource-id "/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/rg-az"
try lock create -n keep -g rg-az --lock-type CanNotDelete
try lock list -g rg-az
try lock delete -n keep -g rg-az
try keyvault create -n kv-az-sandbox -g rg-az -l westeurope --enable-rbac-authorization true
try keyvault list
try keyvault show -n kv-az-sandbox
try keyvault secret set --vault-name kv-az-sandbox -n one --value 1
try keyvault secret list --vault-name kv-az-sandbox
try keyvault secret show --vault-name kv-az-sandbox -n one
try keyvault certificate create --vault-name kv-az-sandbox -n cert -p "$("$AZ" keyvault certificate get-default-policy)"
try keyvault certificate show --vault-name kv-az-sandbox -n cert
try keyvault key create --vault-name kv-az-sandbox -n key --kty RSA
try keyvault key list --vault-name kv-az-sandbox
try keyvault key show --vault-name kv-az-sandbox -n key
try keyvault key encrypt --vault-name kv-az-sandbox -n key -a RSA-OAEP-256 --value aGVsbG8= --data-type base64
try keyvault key delete --vault-name kv-az-sandbox -n key
try keyvault list-deleted
try role definition list --name Reader
try role assignment list --all
try role assignment create --assignee "$AZURE_CLIENT_ID" --role "Key Vault Reader" --scope "/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/rg-az"
try ad app create --display-name az-app
try ad app list --display-name az-app
try ad app list --filter "startswith(displayName,'az-')"
try ad sp list --display-name az
try ad sp create-for-rbac -n az-rbac
try ad user list
try ad group create --display-name az-group --mail-nickname azgroup
try ad group list
try rest --method get --url https://graph.microsoft.com/v1.0/organization
try group delete -n rg-az --yes --no-wait
echo "$passed work, $failed do not."
[ "$failed" -eq 0 ]
