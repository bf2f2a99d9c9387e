BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
}

Describe 'The one-liners' -Skip:(-not $HasCluster) {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $script:count = @(Get-EtcdMember).Count
    }

    It 'Get-EtcdMember | Get-EtcdMemberStatus' {
        $status = Get-EtcdMember | Get-EtcdMemberStatus
        $status.Count | Should -Be $count
        $status.IsReachable | Should -Not -Contain $false
        @($status | Where-Object IsLeader).Count | Should -Be 1
    }

    It 'Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag | Clear-EtcdAlarm' {
        Write-UntilRefused
        (Get-EtcdAlarm).AlarmType | Should -Contain 'NoSpace'

        $cleared = Get-EtcdMember | Invoke-EtcdCompaction -OutVariable compacted | Invoke-EtcdDefrag -OutVariable defragmented -WarningAction SilentlyContinue | Clear-EtcdAlarm
        $compacted.Status | Sort-Object -Unique | Should -Be 'Compacted'
        $defragmented.Status | Sort-Object -Unique | Should -Be 'Defragmented'
        ($defragmented | Measure-Object BytesReclaimed -Sum).Sum | Should -BeGreaterThan 1MB
        $defragmented[-1].WasLeader | Should -BeTrue
        $cleared.Status | Should -Contain 'Cleared'
        Get-EtcdAlarm | Should -BeNullOrEmpty
        'writable' | & $env:ETCDMAINT_ETCDCTL put after 2>&1 | Should -Be 'OK'
    }

    It 'Get-EtcdAlarm | Clear-EtcdAlarm' {
        Get-EtcdAlarm | Clear-EtcdAlarm | Should -BeNullOrEmpty
    }

    It 'Get-EtcdMemberStatus | Where-Object FragmentationRatio -gt 0.45 | Invoke-EtcdDefrag -WhatIf' {
        Write-UntilRefused
        $null = Invoke-EtcdCompaction
        $plan = Get-EtcdMemberStatus | Where-Object FragmentationRatio -gt 0.45 | Invoke-EtcdDefrag -WhatIf
        $plan.Status | Sort-Object -Unique | Should -Be 'Planned'
        $plan[0].PredictedDuration | Should -BeOfType timespan
        Get-EtcdMemberStatus | Where-Object FragmentationRatio -gt 1 | Invoke-EtcdDefrag | Should -BeNullOrEmpty
    }

    It 'Get-EtcdMember | Invoke-EtcdDefrag' {
        $rows = Get-EtcdMember | Invoke-EtcdDefrag -WarningAction SilentlyContinue
        $rows.Count | Should -Be $count
        $rows.Status | Sort-Object -Unique | Should -Be 'Defragmented'
    }

    It 'Import-Csv clusters.csv | Connect-EtcdCluster | Get-EtcdMemberStatus' {
        $file = Join-Path $TestDrive 'clusters.csv'
        'one', 'two' | ForEach-Object {
            [pscustomobject]@{ ClusterName = $_; Endpoint = $env:ETCDCTL_ENDPOINTS; CACertificate = $env:ETCDCTL_CACERT; ClientCertificate = $env:ETCDCTL_CERT; ClientKey = $env:ETCDCTL_KEY; ServerName = '' }
        } | Export-Csv $file
        $status = Import-Csv $file | Connect-EtcdCluster | Get-EtcdMemberStatus
        # Each connection is read, even if two lead to the same cluster.
        @($status).Count | Should -Be (2 * $count)
        $status.ClusterName | Sort-Object -Unique | Should -Be 'one', 'two'
        (Get-EtcdConnection one, two).Count | Should -Be 2
        Get-EtcdConnection one, two | Disconnect-EtcdCluster
    }

    It 'Invoke-EtcdMaintenance -Connection $prod, $staging' {
        $prod = Connect-EtcdCluster -Endpoint $env:ETCDCTL_ENDPOINTS -CACertificate $env:ETCDCTL_CACERT -ClientCertificate $env:ETCDCTL_CERT -ClientKey $env:ETCDCTL_KEY -ClusterName prod
        $staging = $prod
        $reports = Invoke-EtcdMaintenance -Connection $prod, $staging -WarningAction SilentlyContinue
        @($reports).Count | Should -Be 1
        $reports[0].Status | Should -BeIn 'Succeeded', 'NothingToDo'
        $prod | Disconnect-EtcdCluster
    }
}
