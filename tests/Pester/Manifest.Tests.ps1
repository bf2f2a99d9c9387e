Describe 'The manifest' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $manifest = Test-ModuleManifest $env:ETCDMAINT_MODULE -ErrorAction Stop
        $data = Import-PowerShellDataFile $env:ETCDMAINT_MODULE
        $folder = Split-Path $env:ETCDMAINT_MODULE
    }

    It 'has a version with three parts' {
        $data.ModuleVersion | Should -Match '^\d+\.\d+\.\d+$'
    }

    It 'names the minimum PowerShell version without a patch number' {
        $data.PowerShellVersion | Should -Be '7.4'
        $data.CompatiblePSEditions | Should -Be 'Core'
    }

    It 'has explicit lists of exports' {
        $data.CmdletsToExport | Should -Not -Contain '*'
        foreach ($list in 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') {
            $data.ContainsKey($list) | Should -BeTrue
            @($data[$list]).Count | Should -Be 0
        }
    }

    It 'contains what the Gallery requires' {
        $manifest.Description.Length | Should -BeGreaterThan 100
        $manifest.ProjectUri | Should -Not -BeNullOrEmpty
        $manifest.LicenseUri | Should -Not -BeNullOrEmpty
        $manifest.ReleaseNotes | Should -Not -BeNullOrEmpty
        foreach ($tag in 'PSEdition_Core', 'Windows', 'Linux', 'MacOS', 'etcd', 'Kubernetes', 'AzureAutomation') {
            $data.PrivateData.PSData.Tags | Should -Contain $tag
        }
        $data.PrivateData.PSData.Tags | Where-Object { $_ -match '\s' } | Should -BeNullOrEmpty
    }

    It 'contains neither PowerShell itself nor assemblies of pwsh' {
        $files = (Get-ChildItem $folder -Recurse -File).Name
        $files | Should -Not -Contain 'System.Management.Automation.dll'
        $files | Should -Not -Contain 'System.Text.Json.dll'
        $files | Should -Not -Contain 'System.Diagnostics.DiagnosticSource.dll'
        $files | Where-Object { $_ -like '*.deps.json' } | Should -BeNullOrEmpty
    }
}
