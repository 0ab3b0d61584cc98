# Shared by flowkit.ps1 and flowkit.cmd: sees to it that FlowKit is built; what eng/setup.sh does for ./flowkit.
$ErrorActionPreference = 'Stop'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$root = Split-Path $PSScriptRoot
$program = Join-Path $root 'artifacts/bin/FlowKit.Cli/release/flowkit.dll'
$stamp = Join-Path $root 'artifacts/flowkit.stamp'
$isTerminal = -not [Console]::IsErrorRedirected

function Write-Words([string] $text) { [Console]::Error.WriteLine($text) }

function Stop-With([string] $text) {
    Write-Words "error: $text"
    exit 1
}

# What ONNX Runtime is to run on: FLOWKIT_DEVICE, or else 'cuda' where an NVIDIA driver is there.
function Get-Device {
    if ($env:FLOWKIT_DEVICE) {
        if ($env:FLOWKIT_DEVICE -cnotin 'cpu', 'cuda') { Stop-With "FLOWKIT_DEVICE is '$env:FLOWKIT_DEVICE'; expected 'cpu' or 'cuda'." }
        return $env:FLOWKIT_DEVICE
    }
    if ([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture -ne 'X64') { return 'cpu' }
    if (Test-Path '/proc/driver/nvidia/version') { return 'cuda' }
    if (Get-Command nvidia-smi -ErrorAction Ignore) {
        try {
            $null = & nvidia-smi -L
            if ($LASTEXITCODE -eq 0) { return 'cuda' }
        }
        catch { }
    }
    return 'cpu'
}

# Whether the program is missing, was built for another device, or any source is newer than the stamp.
function Test-NeedsBuild([string] $device) {
    if (-not (Test-Path $program) -or -not (Test-Path $stamp)) { return $true }
    if ((Get-Content $stamp -TotalCount 1) -ne $device) { return $true }
    $built = (Get-Item $stamp).LastWriteTimeUtc
    $sources = 'src', 'executors', 'templates', 'Directory.*', 'eng/*.targets', 'global.json' | ForEach-Object { Join-Path $root $_ }
    $newer = Get-Item $sources | ForEach-Object { $_; if ($_.PSIsContainer) { Get-ChildItem $_.FullName -Recurse -Force } } |
        Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1
    return $null -ne $newer
}

# How far the build in the log is, and how long the rest takes: one line of a terminal, or else a line of its own.
function Show-Progress([string] $log, [int] $projects, [int] $seconds) {
    $text = "Restoring packages, $seconds s"
    $done = @(Select-String -Path $log -Pattern '^\s*(\S+) -> ' -ErrorAction Ignore)
    if ($done.Count -gt 0) {
        $text = "Compiling: $($done[-1].Matches[0].Groups[1].Value) is done, $($done.Count) of $projects projects, $seconds s"
        $text += ", about $([int] ($seconds * ($projects - $done.Count) / $done.Count)) s left"
    }
    if ($isTerminal) { [Console]::Error.Write("`r" + $text.PadRight(110)) } else { Write-Words $text }
}

# Builds in Release for the device; the compiler's words are shown only when it fails.
function Invoke-Build([string] $device) {
    Push-Location $root
    # Windows PowerShell takes what a program writes to stderr for an error of its own.
    $ErrorActionPreference = 'Continue'
    $null = & dotnet --version 2>&1
    $hasSdk = $LASTEXITCODE -eq 0
    $ErrorActionPreference = 'Stop'
    Pop-Location
    if (-not $hasSdk) {
        $sdks = (& dotnet --list-sdks | ForEach-Object { ($_ -split ' ')[0] }) -join ' '
        if (-not $sdks) { $sdks = 'none' }
        Stop-With "building FlowKit needs the .NET SDK 10.0.100 or a later 10.0 one; here is $sdks."
    }
    $project = Join-Path $root 'src/FlowKit.Cli/FlowKit.Cli.csproj'
    $projects = @(Get-ChildItem (Join-Path $root 'src/*/*.csproj'), (Join-Path $root 'executors/*/*.csproj')).Count
    $log = [IO.Path]::GetTempFileName()
    $env:FLOWKIT_DEVICE = $device
    $watch = [Diagnostics.Stopwatch]::StartNew()
    if (-not $isTerminal) { Write-Words "Building for '$device' ..." }
    $arguments = 'build', "`"$project`"", '-c', 'Release', '-v', 'minimal', '-tl:off', '-clp:NoSummary'
    $build = Start-Process dotnet -ArgumentList $arguments -RedirectStandardOutput $log -RedirectStandardError "$log.err" -NoNewWindow -PassThru
    # Without its handle a process that has ended has no exit code.
    $null = $build.Handle
    $pause = if ($isTerminal) { 1000 } else { 10000 }
    while (-not $build.WaitForExit($pause)) {
        Show-Progress $log $projects ([int] $watch.Elapsed.TotalSeconds)
    }
    if ($isTerminal) { [Console]::Error.Write("`r" + ' ' * 110 + "`r") }
    $failed = $build.ExitCode -ne 0
    if ($failed) {
        # The errors alone, each once, where there are any.
        $words = Get-Content $log, "$log.err"
        $errors = $words | Where-Object { $_ -match '(error|warning) [A-Z]+[0-9]+:' } | Sort-Object -Unique
        $(if ($errors) { $errors } else { $words }) | ForEach-Object { Write-Words $_ }
    }
    Remove-Item $log, "$log.err"
    if ($failed) { Stop-With 'the build failed.' }
    Set-Content $stamp $device
    Write-Words "Built for '$device' in $([int] $watch.Elapsed.TotalSeconds) s."
}

if (-not (Get-Command dotnet -ErrorAction Ignore)) { Stop-With "'dotnet' is missing: install the .NET 10 SDK and put it on the PATH." }
if ($env:FLOWKIT_NO_BUILD -ne '1' -and (Test-Path (Join-Path $root 'src'))) {
    $device = Get-Device
    if (Test-NeedsBuild $device) { Invoke-Build $device }
}
elseif (-not (Test-Path $program)) {
    Stop-With "$program is not built: unset FLOWKIT_NO_BUILD, or take a copy with its sources."
}
exit 0
