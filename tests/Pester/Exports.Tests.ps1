BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    $cmdlets = Get-Command -Module EtcdMaint
}

Describe 'The exports' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $module = Get-Module EtcdMaint
        $listed = (Import-PowerShellDataFile $env:ETCDMAINT_MODULE).CmdletsToExport
    }

    It 'are exactly the cmdlets that the manifest lists' {
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ($listed | Sort-Object)
        $module.ExportedCommands.Count | Should -Be @($listed).Count
    }

    It 'make the public types available at once' {
        Invoke-FreshShell "Import-Module '$env:ETCDMAINT_MODULE'; [EtcdMaint.EtcdMember].Name" | Should -Be 'EtcdMember'
    }

    It 'import without a warning' {
        Invoke-FreshShell "Import-Module '$env:ETCDMAINT_MODULE' 3>&1" | Should -BeNullOrEmpty
    }
}

Describe '<_.Name>' -ForEach $cmdlets {
    BeforeAll {
        $cmdlet = $_
    }

    It 'has an approved verb and a noun of the module' {
        (Get-Verb).Verb | Should -Contain $cmdlet.Verb
        $cmdlet.Noun | Should -Match '^Etcd[A-Z]'
        $cmdlet.Noun | Should -Not -Match '[^su]s$'
    }

    It 'declares its output type' -Skip:($_.Name -eq 'Disconnect-EtcdCluster') {
        $cmdlet.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'has parameters in PascalCase, of which at most two per parameter set bind by value' {
        foreach ($parameter in $cmdlet.Parameters.Values) {
            $parameter.Name | Should -MatchExactly '^[A-Z]\w+$'
        }
        foreach ($set in $cmdlet.ParameterSets) {
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 2
        }
    }
}
