#!/usr/bin/env bash
# The acceptance tests of a Terraform provider, unmodified, at the sandbox: prints a line a test, and in the end how many pass.
#   hma sandbox &   eval "$(hma sandbox env)"
#   packages/sandbox/scripts/acceptance.sh MODULE@VERSION PACKAGE [TESTS] [SKIP]
# as in  … github.com/hashicorp/terraform-provider-azurerm@fae580791926 internal/services/keyvault
# Needs Go, and Terraform or OpenTofu (TERRAFORM names the program). TESTS and SKIP are regular expressions. The sandbox is to be new, with
# `replicationLag` at 0. BUILD keeps what was compiled: azurerm takes half an hour on a core. PARALLEL tests run at once; most of them wait.
# ELEVATE=yes gives the signed-in application access to the tenant's root first, which it takes to see that a management group is gone.
# REGISTRY=none leaves out the providers that tests of azurerm bring along (azuread, random, time); those that use them then fail.
set -eu
module=$1 package=$2 tests=${3:-TestAcc} skip=${4:-^$}
build=${BUILD:-$(mktemp -d)}
name=${module##*/}
name=${name%@*}
binary=$build/$name-${package##*/}.test
terraform=${TERRAFORM:-$(command -v terraform || command -v tofu)}

# The module proxy is no host of the sandbox.
outside() { env -u HTTPS_PROXY -u SSL_CERT_FILE "$@"; }

# azuread 1.6, the newest that is a Go module by its version, is older than today's Terraform, and signs in to the retired Azure AD Graph
# although AAD_USE_MICROSOFT_GRAPH=true has it use the other one.
modernize() {
  sed -i 's/getAuthenticatedObjectID != nil {/getAuthenticatedObjectID != nil \&\& !b.EnableMsGraph {/' internal/clients/builder.go
  sed -i 's/client.StopContext = ctx/client.StopContext = context.Background()/' internal/clients/client.go
  rm -rf vendor
  GOFLAGS=-mod=mod outside go get github.com/hashicorp/terraform-plugin-sdk/v2@v2.24.1
}

compile() {
  local folder
  folder=$(cd "$build" && outside go mod download -json "$module" | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
  [ -d "$build/$name" ] || { cp -r "$folder" "$build/$name" && chmod -R u+w "$build/$name"; }
  cd "$build/$name"
  [ "$name" != terraform-provider-azuread ] || modernize
  [ "${REGISTRY:-}" != none ] || sed -i 's/testCase.ExternalProviders = td.externalProviders()/_ = td.externalProviders()/' internal/acceptance/testcase.go
  GOFLAGS=-mod=mod outside nice -n 19 go test -c -vet=off -p 1 -o "$binary" "./$package"
}
[ -x "$binary" ] || (compile)

# https://learn.microsoft.com/azure/role-based-access-control/elevate-access-global-admin
elevate() {
  local graph=https://graph.microsoft.com management=https://management.azure.com
  tokenFor() {
    curl -s --data-urlencode grant_type=client_credentials --data-urlencode "client_id=$ARM_CLIENT_ID" \
      --data-urlencode "client_secret=$ARM_CLIENT_SECRET" --data-urlencode "scope=$1/.default" \
      "https://login.microsoftonline.com/$ARM_TENANT_ID/oauth2/v2.0/token" | sed 's/.*"access_token":"\([^"]*\)".*/\1/'
  }
  local directory access self
  directory=$(tokenFor $graph)
  access=$(tokenFor $management)
  self=$(curl -s -H "Authorization: Bearer $directory" "$graph/v1.0/servicePrincipals(appId='$ARM_CLIENT_ID')?\$select=id" | sed 's/.*"id":"\([^"]*\)".*/\1/')
  curl -sf -o /dev/null -H "Authorization: Bearer $directory" -H 'Content-Type: application/json' $graph/v1.0/roleManagement/directory/roleAssignments \
    -d "{\"principalId\":\"$self\",\"roleDefinitionId\":\"62e90394-69f5-4237-9190-012177145e10\",\"directoryScopeId\":\"/\"}"
  curl -sf -X POST -H "Authorization: Bearer $access" "$management/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01"
}
[ "${ELEVATE:-}" != yes ] || elevate

export TF_ACC=1 TF_ACC_TERRAFORM_PATH=$terraform CHECKPOINT_DISABLE=1
export ARM_TEST_LOCATION=westeurope ARM_TEST_LOCATION_ALT=northeurope ARM_TEST_LOCATION_ALT2=westus2
echo "# ${module##*/} ${package##*/}, $("$terraform" version 2>/dev/null | head -1), $(date +%F)"
cd "$build/$name/$package"
"$binary" -test.v -test.run "$tests" -test.skip "$skip" -test.timeout 5h -test.parallel "${PARALLEL:-8}" >"$binary.txt" 2>&1 || true

# With the first line of what a test that fails said.
awk '
  /^=== / { test = $3 }
  /Error: |Check failed: |plan was not empty|[Ss]kip/ { if (!(test in why)) { why[test] = $0; sub(/^ */, "", why[test]) } }
  /^--- PASS/ { print "ok      " $3 }
  /^--- SKIP/ { print "skipped " $3 "  " why[$3] }
  /^--- FAIL/ { print "FAILED  " $3 "  " why[$3] }
' "$binary.txt" | sed 's/Error: Inconsistent dependency lock file/needs another provider, and no registry was at hand/' | cut -c1-300 | sort
count() { grep -c "^--- $1" "$binary.txt" || true; }
echo "$(count PASS) work, $(count FAIL) do not. All that they said is in $binary.txt."
[ "$(count FAIL)" -eq 0 ]
