# A whole process: runs the script of the variable, if there is one.
$ErrorActionPreference = 'Stop'
if ($env:BENCHMARK_SCRIPT) { . ([scriptblock]::Create($env:BENCHMARK_SCRIPT)) }
