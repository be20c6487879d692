#!/usr/bin/env bash
# The reads of a plan, as a script of az makes them: a process each, one after the other. az is signed in already.
#   az.sh VAULT KV-APP HMA-APP PROFILE-ENVIRONMENT
set -eu
AZ=${AZ:-az} vault=$1 kv=$2 hma=$3 environment=$4
ask() { "$AZ" "$@" --only-show-errors -o json; }

id=$(ask keyvault show -n "$vault" --query id | tr -d '"')
ask ad app show --id "$kv"
ask ad app show --id "$hma"
ask ad sp show --id "$kv"
ask ad sp show --id "$hma"
ask rest --url "https://graph.microsoft.com/v1.0/servicePrincipals(appId='$hma')/appRoleAssignments"
ask role assignment list --scope "$id"
ask keyvault certificate show --vault-name "$vault" -n HMA-Cert
ask keyvault secret list-versions --vault-name "$vault" -n hma-kv-app-client-secret
ask rest --resource "$environment" --url "$environment/api/data/v9.2/emailserverprofiles?\$select=name"
