BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    $changing = $Changing.GetEnumerator() | ForEach-Object { @{ Name = $_.Key; Arguments = $_.Value } }
}

Describe 'Planning of changes' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
    }

    It 'is tested for every cmdlet that changes a cluster' {
        $found = Get-Command -Module EtcdMaint | Where-Object { $_.Parameters.ContainsKey('WhatIf') -and $_.Verb -notin 'Export', 'New' }
        $found.Name | Sort-Object | Should -Be ($Changing.Keys | Sort-Object)
    }

    It '<Name> never prompts by default' -ForEach $changing {
        $attribute = (Get-Command $Name).ImplementingType.GetCustomAttributes($true) | Where-Object { $_ -is [System.Management.Automation.CmdletAttribute] }
        $attribute.ConfirmImpact | Should -Be 'Medium'
    }

    It '<Name> does nothing on an empty pipeline' -ForEach $changing {
        @() | & $Name @Arguments | Should -BeNullOrEmpty
    }
}

Describe 'On a real cluster <Name> -WhatIf' -ForEach $changing -Skip:(-not $HasCluster) {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $script:before = Get-EtcdMemberStatus
        $script:rows = & $Name @Arguments -WhatIf
        $script:after = Get-EtcdMemberStatus
    }

    It 'changes nothing' {
        foreach ($property in 'MemberId', 'DbSize', 'Revision', 'IsLeader', 'RaftTerm') {
            $after.$property | Should -Be $before.$property
        }
        Test-Path never-written.db | Should -BeFalse
    }

    It 'returns only plans' {
        $rows | Where-Object { $_.PSObject.Properties['Status'] -and $_.Status -notin 'Planned', 'Skipped', 'NothingToDo' } | Should -BeNullOrEmpty
    }
}
