# Dot-sourced by every file of the suite: imports the module, and knows the cluster.

Import-Module $env:ETCDMAINT_MODULE -ErrorAction Stop

$HasCluster = [bool]$env:ETCDCTL_ENDPOINTS

# A parameter set for what changes a cluster, by cmdlet.
$Changing = @{
    'Clear-EtcdAlarm'        = @{}
    'Invoke-EtcdCompaction'  = @{}
    'Invoke-EtcdDefrag'      = @{}
    'Invoke-EtcdMaintenance' = @{}
    'Move-EtcdLeader'        = @{}
    'Save-EtcdSnapshot'      = @{ Path = 'never-written.db' }
}

# What an error's ID is without the cmdlet's name behind it.
function Get-ErrorId([scriptblock] $Script) {
    try { & $Script } catch { return $_.FullyQualifiedErrorId.Split(',')[0] }
}

# Lets the ETCDCTL_ variables count again after a Connect-EtcdCluster that failed.
function Reset-Connection {
    $null = Connect-EtcdCluster -Endpoint http://127.0.0.1:1 -NoVerify
    Disconnect-EtcdCluster
}

# Writes the same few keys again and again until the cluster refuses writes.
function Write-UntilRefused {
    $value = 'x' * 1000000
    foreach ($write in 1..200) {
        $value | & $env:ETCDMAINT_ETCDCTL put "full/$($write % 3)" 2>&1 | Out-Null
        if ($LASTEXITCODE -ne 0) { return }
    }
    throw 'The cluster took everything.'
}

# Runs a script in a pwsh of its own and gives what it says. One that came as a package is run by dotnet.
function Invoke-FreshShell([string] $Script) {
    $program, $pwsh = [Environment]::ProcessPath, [Environment]::GetCommandLineArgs()[0]
    $library = @(if ((Split-Path $program -LeafBase) -eq 'dotnet') { $pwsh })
    & $program @library -NoLogo -NoProfile -NonInteractive -Command $Script
}
