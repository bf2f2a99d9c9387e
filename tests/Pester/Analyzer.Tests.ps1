BeforeDiscovery {
    $hasAnalyzer = [bool](Get-Module -ListAvailable PSScriptAnalyzer)
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    # The manifest is analyzed in the folder where the build has placed it, next to the files that it names.
    $scripts = @(Get-ChildItem $root -Recurse -File -Include *.ps1, *.psm1, *.psd1 |
        Where-Object { [System.IO.Path]::GetRelativePath($root, $_.FullName) -notmatch '(^|[\\/])(bin|obj|out|\.git)[\\/]' -and $_.Name -ne 'EtcdMaint.psd1' }) +
        @(Get-Item $env:ETCDMAINT_MODULE)
}

Describe 'PSScriptAnalyzer' -Skip:(-not $hasAnalyzer) {
    It 'finds nothing in <_.Name>' -ForEach $scripts {
        $settings = Import-PowerShellDataFile (Join-Path $PSScriptRoot '../../PSScriptAnalyzerSettings.psd1')
        # The analyzer does not recognize the variables that the blocks of a Pester file share.
        if ($_.DirectoryName -eq $PSScriptRoot) { $settings.ExcludeRules = @('PSUseDeclaredVarsMoreThanAssignments') }
        $found = Invoke-ScriptAnalyzer -Path $_.FullName -Settings $settings | ForEach-Object { "$($_.Line): $($_.RuleName): $($_.Message)" }
        $found | Should -BeNullOrEmpty
    }
}
