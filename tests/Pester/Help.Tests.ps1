BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    $cmdlets = Get-Command -Module EtcdMaint
}

Describe 'The help of <_.Name>' -ForEach $cmdlets {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $cmdlet = $_
        $help = Get-Help $_.Name -Full
    }

    It 'has its own text' {
        $help.Synopsis | Should -Not -Match '^\s*$|\[-'
        ($help.Description | Out-String).Trim().Length | Should -BeGreaterThan 100
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
    }

    It 'is shown by -Full and -Examples' {
        $full = Get-Help $cmdlet.Name -Full | Out-String -Width 120
        foreach ($heading in 'NAME', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS') {
            $full | Should -MatchExactly "(?m)^$heading"
        }
        Get-Help $cmdlet.Name -Examples | Out-String | Should -Match 'Example 2'
    }

    It 'describes every parameter' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        foreach ($name in $cmdlet.Parameters.Keys | Where-Object { $_ -notin $common }) {
            $text = Get-Help $cmdlet.Name -Parameter $name
            ($text.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$name"
        }
    }

    It 'can be opened online' {
        $help.relatedLinks.navigationLink[0].uri | Should -BeLike "https://*/$($cmdlet.Name).md"
    }
}

Describe 'The about topics' {
    It '<_> is found' -ForEach 'about_EtcdMaint', 'about_EtcdMaint_Connections', 'about_EtcdMaint_Safety' {
        . $PSScriptRoot/Suite.ps1
        Get-Help $_ | Out-String | Should -Match 'LONG DESCRIPTION'
    }
}
