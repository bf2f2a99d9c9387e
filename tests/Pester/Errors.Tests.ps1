BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    $wrong = @(
        @{ Id = 'RevisionChosenTwice'; Script = { Invoke-EtcdCompaction -Revision 1 -KeepRevisions 1 } }
        @{ Id = 'RevisionNegative'; Script = { Invoke-EtcdCompaction -Revision -1 } }
        @{ Id = 'LeaderRulesConflict'; Script = { Invoke-EtcdDefrag -KeepLeader -RequireLeaderMove } }
        @{ Id = 'NoEndpoint'; Script = { Connect-EtcdCluster } }
        @{ Id = 'MalformedEndpoint'; Script = { Connect-EtcdCluster -Endpoint 'https://user:secret@host/path' } }
        @{ Id = 'QuotaNotPositive'; Script = { Connect-EtcdCluster -Endpoint localhost -QuotaBytes -1 } }
        @{ Id = 'CertificateUnusable'; Script = { Connect-EtcdCluster -Endpoint localhost -CACertificate /no/such/file } }
        @{ Id = 'EndpointRefused'; Script = { Connect-EtcdCluster -Endpoint http://127.0.0.1:1 } }
        @{ Id = 'ReportFormatUnknown'; Script = { Export-EtcdMaintenanceReport -InputObject @() -Path report.unknown } }
    )
    $changing = $Changing.GetEnumerator() | ForEach-Object { @{ Name = $_.Key; Arguments = $_.Value } }
}

Describe 'Errors' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
    }

    AfterEach {
        Reset-Connection
    }

    It '<Id> has an ID, a category and a recommended action' -ForEach $wrong {
        $caught = $null
        try { & $Script } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $caught.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $caught.Exception.Message | Should -Match '\.$|: '
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'show no secret' {
        try { Connect-EtcdCluster -Endpoint 'https://user:secret@host/path' } catch { $caught = $_ }
        ($caught | Format-List -Force | Out-String) -replace 'Connect-EtcdCluster -Endpoint[^\n]*', '' | Should -Not -Match 'secret'
    }

    It '<Name> requires an explicit cluster' -ForEach $changing {
        $endpoints = $env:ETCDCTL_ENDPOINTS
        $env:ETCDCTL_ENDPOINTS = $null
        try { Get-ErrorId { & $Name @Arguments -ErrorAction Stop } | Should -Be 'NoConnectionChosen' }
        finally { $env:ETCDCTL_ENDPOINTS = $endpoints }
    }

    It 'name a member that does not exist' -Skip:(-not $HasCluster) {
        Get-ErrorId { Get-EtcdMember -MemberName nobody -ErrorAction Stop } | Should -Be 'MemberNotFound'
        Get-ErrorId { Get-EtcdMember -MemberId 'no-id' -ErrorAction Stop } | Should -Be 'MalformedMemberId'
        Get-EtcdMember -MemberName nob* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'report that a stored member has no connection' -Skip:(-not $HasCluster) {
        $file = Join-Path $TestDrive 'members.clixml'
        Get-EtcdMember | Export-Clixml $file
        Get-ErrorId { Import-Clixml $file | Invoke-EtcdDefrag -ErrorAction Stop } | Should -Be 'RecordWithoutConnection'
    }

    It 'report that a connection was closed' -Skip:(-not $HasCluster) {
        $members = Get-EtcdMember
        Get-EtcdConnection | Disconnect-EtcdCluster
        Get-ErrorId { $members | Get-EtcdMemberStatus -ErrorAction Stop } | Should -Be 'ConnectionClosed'
    }
}
