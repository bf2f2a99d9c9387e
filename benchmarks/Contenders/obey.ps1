# Runs one script after the other in this process, and answers each with its duration and its output.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$connection = [System.Net.Sockets.TcpClient]::new('127.0.0.1', [int]$env:BENCHMARK_PORT)
$reader = [System.IO.StreamReader]::new($connection.GetStream())
$writer = [System.IO.StreamWriter]::new($connection.GetStream())
$writer.AutoFlush = $true
while ($null -ne ($order = $reader.ReadLine())) {
    $script = [scriptblock]::Create([System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($order)))
    $state = 'done'
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try { $rows = @(. $script) } catch { $state = 'failed'; $rows = @("$_", $_.FullyQualifiedErrorId) }
    $watch.Stop()
    $said = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($rows -join "`n"))
    $writer.WriteLine("$state $($watch.Elapsed.Ticks) $said")
}
