# The cost of a new process: the import of a module, then its first call, in milliseconds.
$ErrorActionPreference = 'Stop'
$watch = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $env:BENCHMARK_MODULE
$watch.Elapsed.TotalMilliseconds
if ($env:BENCHMARK_CALLS) {
    $watch.Restart()
    $status = @(Get-EtcdMemberStatus)
    $watch.Elapsed.TotalMilliseconds
    $status.ForEach{ $_.MemberId } -join ','
}
