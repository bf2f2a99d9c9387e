# Dot-sourced by every file of the suite: imports the module, and defines the cluster.

Import-Module $env:ETCDMAINT_MODULE -ErrorAction Stop

$HasCluster = [bool]$env:ETCDCTL_ENDPOINTS

# One parameter set for each cmdlet that changes a cluster. Cmdlets that write only files are not among them.
$Changing = @{
    'Clear-EtcdAlarm'        = @{}
    'Invoke-EtcdCompaction'  = @{}
    'Invoke-EtcdDefrag'      = @{}
    'Invoke-EtcdMaintenance' = @{}
    'Move-EtcdLeader'        = @{}
    'Save-EtcdSnapshot'      = @{ Path = 'never-written.db' }
}

# The ID of an error without the cmdlet's name after it.
function Get-ErrorId([scriptblock] $Script) {
    try { & $Script } catch { return $_.FullyQualifiedErrorId.Split(',')[0] }
}

# Makes the ETCDCTL_ variables effective again after a failed Connect-EtcdCluster.
function Reset-Connection {
    $null = Connect-EtcdCluster -Endpoint http://127.0.0.1:1 -NoVerify
    Disconnect-EtcdCluster
}

# Overwrites the same few keys repeatedly until the cluster refuses writes.
function Write-UntilRefused {
    $value = 'x' * 1000000
    foreach ($write in 1..200) {
        $value | & $env:ETCDMAINT_ETCDCTL put "full/$($write % 3)" 2>&1 | Out-Null
        if ($LASTEXITCODE -ne 0) { return }
    }
    throw 'The cluster accepted all writes.'
}

# Runs a script in a separate pwsh and returns its output. A pwsh from a package is run by dotnet.
function Invoke-FreshShell([string] $Script) {
    $program, $pwsh = [Environment]::ProcessPath, [Environment]::GetCommandLineArgs()[0]
    $library = @(if ((Split-Path $program -LeafBase) -eq 'dotnet') { $pwsh })
    & $program @library -NoLogo -NoProfile -NonInteractive -Command $Script
}
