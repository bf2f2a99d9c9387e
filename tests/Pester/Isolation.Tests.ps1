BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
}

Describe 'With other modules' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
    }

    It 'loads no assembly of lib on import' {
        Invoke-FreshShell @"
            Import-Module '$env:ETCDMAINT_MODULE'
            [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name | Where-Object { `$_ -in 'EtcdMaint.Engine', 'Google.Protobuf', 'Grpc.Net.Client', 'YamlDotNet' }
"@ | Should -BeNullOrEmpty
    }

    It 'loads nothing into the default load context when it is used' -Skip:(-not $HasCluster) {
        Invoke-FreshShell @"
            Import-Module '$env:ETCDMAINT_MODULE'
            `$null = Get-EtcdMember
            [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.GetName().Name | Where-Object { `$_ -in 'EtcdMaint.Engine', 'Google.Protobuf', 'Grpc.Net.Client' }
            'done'
"@ | Should -Be 'done'
    }

    It 'works when another module has loaded other versions' -Skip:(-not $HasCluster) {
        Invoke-FreshShell @"
            foreach (`$name in 'Google.Protobuf', 'Grpc.Net.Client', 'YamlDotNet') {
                `$file = Join-Path '$TestDrive' "`$name.dll"
                Add-Type -TypeDefinition "namespace Other { public class `$(`$name.Replace('.', '')) { } }" -OutputAssembly `$file
                `$null = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath(`$file)
            }
            Import-Module '$env:ETCDMAINT_MODULE'
            @(Get-EtcdMember).Count
"@ | Should -Be @(Get-EtcdMember).Count
    }

    It 'can be imported again with -Force, and works in other runspaces' -Skip:(-not $HasCluster) {
        Invoke-FreshShell @"
            Import-Module '$env:ETCDMAINT_MODULE'
            `$null = Get-EtcdMember
            Import-Module '$env:ETCDMAINT_MODULE' -Force
            `$connection = Get-EtcdConnection | Select-Object -First 1
            if (-not `$connection) { `$null = Get-EtcdMember; `$connection = Get-EtcdConnection | Select-Object -First 1 }
            1..4 | ForEach-Object -Parallel {
                Import-Module '$env:ETCDMAINT_MODULE'
                @(Get-EtcdMember -Connection `$using:connection).Count
            } | Sort-Object -Unique
"@ | Should -Be @(Get-EtcdMember).Count
    }
}
