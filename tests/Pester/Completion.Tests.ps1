BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
}

Describe 'Completion' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        function Get-Completion([string] $Line) {
            (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches.CompletionText
        }
    }

    It 'offers the alarm types' {
        Get-Completion 'Clear-EtcdAlarm -AlarmType ' | Should -Be 'Corrupt', 'NoSpace'
    }

    It 'offers the gates that can be overridden' {
        Get-Completion 'Invoke-EtcdDefrag -Override ' | Should -Contain 'MemberDown'
    }

    It 'offers the properties of the output of a cmdlet' {
        Get-Completion 'Get-EtcdMemberStatus | Where-Object Fragm' | Should -Contain 'FragmentationRatio'
    }

    It 'offers the contexts of the given kubeconfig' {
        $config = Join-Path $TestDrive 'config'
        Set-Content $config "contexts:`n- name: prod`n  context: {cluster: a, user: b}`n- name: staging`n  context: {cluster: b, user: b}"
        Get-Completion "Connect-EtcdCluster -KubeConfig '$config' -Context " | Should -Be 'prod', 'staging'
        Get-Completion "Connect-EtcdCluster -KubeConfig '$config' -Context s" | Should -Be 'staging'
    }

    It 'returns nothing quickly without a cluster' {
        Get-EtcdConnection | Disconnect-EtcdCluster
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        Get-Completion 'Get-EtcdMember -MemberId 0' | Should -BeNullOrEmpty
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 3
    }

    It 'offers the names and IDs of members' -Skip:(-not $HasCluster) {
        $connection = Connect-EtcdCluster -Endpoint $env:ETCDCTL_ENDPOINTS -CACertificate $env:ETCDCTL_CACERT -ClientCertificate $env:ETCDCTL_CERT -ClientKey $env:ETCDCTL_KEY
        $members = Get-EtcdMember
        $line = 'Get-EtcdMember -MemberName '
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.ListItemText | Should -Be $members.MemberName
        $line = 'Invoke-EtcdDefrag -MemberId '
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.ListItemText | Should -Be $members.MemberId
        $connection | Disconnect-EtcdCluster
    }
}
