#!/usr/bin/env bash
# The acceptance tests of a Terraform provider, unmodified, at the sandbox: prints a line a test, and in the end how many pass.
#   hma sandbox &   eval "$(hma sandbox env)"
#   packages/sandbox/scripts/acceptance.sh MODULE@VERSION PACKAGE [TESTS] [SKIP]
# as in  … github.com/hashicorp/terraform-provider-azurerm@fae580791926 internal/services/keyvault
# Needs Go, and Terraform or OpenTofu (TERRAFORM names the program). TESTS and SKIP are regular expressions. The sandbox is to be new, with
# `replicationLag` at 0. BUILD keeps what was compiled: azurerm takes an hour on one core. PARALLEL tests run at once; most of them wait.
set -eu
module=$1 package=$2 tests=${3:-TestAcc} skip=${4:-^$}
build=${BUILD:-$(mktemp -d)}
name=${module##*/}
name=${name%@*}
binary=$build/$name-${package##*/}.test
terraform=${TERRAFORM:-$(command -v terraform || command -v tofu)}

# The module proxy is no host of the sandbox.
outside() { env -u HTTPS_PROXY -u SSL_CERT_FILE "$@"; }

if [ ! -x "$binary" ]; then
  folder=$(cd "$build" && outside go mod download -json "$module" | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
  cp -r "$folder" "$build/$name" && chmod -R u+w "$build/$name"
  (cd "$build/$name" && GOFLAGS=-mod=mod outside nice -n 19 go test -c -p 1 -o "$binary" "./$package")
fi

export TF_ACC=1 TF_ACC_TERRAFORM_PATH=$terraform CHECKPOINT_DISABLE=1
export ARM_TEST_LOCATION=westeurope ARM_TEST_LOCATION_ALT=northeurope ARM_TEST_LOCATION_ALT2=westus2
echo "# ${module##*/} ${package##*/}, $("$terraform" version | head -1), $(date +%F)"
cd "$build/$name/$package"
"$binary" -test.v -test.run "$tests" -test.skip "$skip" -test.timeout 3h -test.parallel "${PARALLEL:-8}" >"$build/said" 2>&1 || true
sed -n 's/^--- PASS: \([^ ]*\).*/ok      \1/p; s/^--- FAIL: \([^ ]*\).*/FAILED  \1/p; s/^--- SKIP: \([^ ]*\).*/skipped \1/p' "$build/said" | sort
passed=$(grep -c '^--- PASS' "$build/said" || true) failed=$(grep -c '^--- FAIL' "$build/said" || true)
echo "$passed work, $failed do not. What they said is in $build/said."
[ "$failed" -eq 0 ]
