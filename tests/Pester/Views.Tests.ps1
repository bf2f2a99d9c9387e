BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    $lines = 'Get-EtcdMember', 'Get-EtcdMemberStatus', 'Get-EtcdConnection', 'Get-EtcdSpaceUsage', 'Test-EtcdHealth', 'Invoke-EtcdMaintenance -WhatIf', 'Invoke-EtcdDefrag -WhatIf', 'Invoke-EtcdCompaction -WhatIf'
}

Describe 'The view of <_>' -ForEach $lines -Skip:(-not $HasCluster) {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $script:output = & ([scriptblock]::Create($_)) 6> $null
        $PSStyle.OutputRendering = 'PlainText'
    }

    It 'fits <_> columns' -ForEach 80, 120, 200 {
        $width = $_
        $shown = ($output | Out-String -Width $width).Split("`n").TrimEnd()
        $shown | Where-Object { $_.Length -gt $width } | Should -BeNullOrEmpty
        $shown | Where-Object { $_ } | Should -Not -BeNullOrEmpty
    }

    It 'shows no connection, no key and no type name instead of a value' {
        $text = $output | Format-List * | Out-String
        $text | Should -Not -Match 'PRIVATE KEY|EtcdMaint\.Engine'
        $output | Out-String | Should -Not -Match 'EtcdMaint\.Etcd'
    }
}
