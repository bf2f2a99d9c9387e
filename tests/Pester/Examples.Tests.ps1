BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    # These examples need another kind of access than the cluster of this suite offers, or a Pushgateway.
    $elsewhere = '-Kubernetes|KubeConfig|SshHost|EtcdctlPath|DiscoverySrv|PushgatewayUri'
    $examples = foreach ($cmdlet in Get-Command -Module EtcdMaint) {
        foreach ($example in (Get-Help $cmdlet.Name).examples.example) {
            # A continuous status never ends.
            if ($example.code -notmatch $elsewhere -and $example.code -notmatch '-Continuous') {
                @{ Name = $cmdlet.Name; Title = $example.title.Trim('-', ' '); Code = $example.code }
            }
        }
    }
}

Describe 'The examples of the help run' -Skip:(-not $HasCluster) {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        Push-Location $TestDrive
        Copy-Item $env:ETCDCTL_CACERT ca.crt
        Copy-Item $env:ETCDCTL_CERT client.crt
        Copy-Item $env:ETCDCTL_KEY client.key
        [pscustomobject]@{ ClusterName = 'prod'; Endpoint = $env:ETCDCTL_ENDPOINTS; CACertificate = 'ca.crt'; ClientCertificate = 'client.crt'; ClientKey = 'client.key' } | Export-Csv clusters.csv
        Get-EtcdMemberStatus -HistoryPath sizes.jsonl | Out-Null
        $env:JOB_COMPLETION_INDEX = '0'
        $env:SHARDS = '1'
        Write-UntilRefused
    }

    It '<Name>: <Title>' -ForEach $examples {
        Get-EtcdConnection | Disconnect-EtcdCluster
        if ($Name -ne 'Connect-EtcdCluster') {
            $null = Connect-EtcdCluster -Endpoint $env:ETCDCTL_ENDPOINTS -CACertificate ca.crt -ClientCertificate client.crt -ClientKey client.key -ClusterName prod
        }
        $member = (Get-EtcdMember).Where({ $true }, 'First').MemberName
        $real = $Code -replace 'https://10\.0\.0\.1:2379', $env:ETCDCTL_ENDPOINTS -replace '\betcd-2\b', $member
        $real = $real -replace '/state/|/var/lib/prometheus/node-exporter/', './'
        # An example watches for as long as a user would.
        $real = $real -replace '-SampleSeconds \d+', '-SampleSeconds 1'
        # It would end the suite.
        $real = $real -replace '(?m)^exit ', '$code = '
        # A person approves a plan between two jobs.
        $real = $real -replace '\$env:APPROVED_CHECKSUM', '$plan.Checksum'
        if ($real -match '-Plan plan.json' -and $real -notmatch 'New-EtcdMaintenancePlan') {
            $null = New-EtcdMaintenancePlan -Path plan.json -Force 3> $null
        }
        $problems = $null
        & ([scriptblock]::Create($real)) -ErrorVariable problems 3> $null 4> $null 6> $null | Out-Null
        $problems | Should -BeNullOrEmpty
    }

    AfterAll {
        Get-EtcdConnection | Disconnect-EtcdCluster
        Remove-Item env:JOB_COMPLETION_INDEX, env:SHARDS
        Pop-Location
    }
}

Describe 'The example that fails a job' {
    BeforeDiscovery {
        $ends = @(
            @{ Statuses = @('Succeeded', 'NothingToDo', 'Skipped'); Fails = $false }
            @{ Statuses = @('Succeeded', 'Failed'); Fails = $true }
            @{ Statuses = @('NotAttempted'); Fails = $true }
            @{ Statuses = @('Succeeded', 'Unreachable'); Fails = $true }
            @{ Statuses = @(); Fails = $true }
        )
    }

    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $example = (Get-Help Invoke-EtcdMaintenance).examples.example.Where({ $_.title -like '*Fail a job*' })
        $job = [scriptblock]::Create($example.code)
    }

    It 'fails: <Fails>, after <Statuses>' -ForEach $ends {
        function Import-Csv { 'record' }
        function Connect-EtcdCluster { 'connection' }
        function Invoke-EtcdMaintenance {
            foreach ($status in $Statuses) { [pscustomobject]@{ ClusterName = 'prod'; Status = $status; Reason = 'why'; Error = @() } }
        }
        $hasFailed = $false
        try { & $job | Out-Null } catch { $hasFailed = $true }
        $hasFailed | Should -Be $Fails
    }
}
