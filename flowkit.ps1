#!/usr/bin/env pwsh
# Runs FlowKit's command line: builds once, and again only when sources are newer or FLOWKIT_DEVICE (cpu, cuda) has changed.
# FLOWKIT_NO_BUILD=1 takes what is built; so does a copy without sources.
$program = Join-Path $PSScriptRoot 'artifacts/bin/FlowKit.Cli/release/flowkit.dll'
& (Join-Path $PSScriptRoot 'eng/setup.ps1')
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& dotnet $program @args
exit $LASTEXITCODE
