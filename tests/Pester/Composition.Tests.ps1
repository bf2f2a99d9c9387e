BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    $results = 'EtcdMember', 'EtcdMemberStatus', 'EtcdAlarm', 'EtcdCompactionResult', 'EtcdDefragResult', 'EtcdSnapshot'
    $takers = Get-Command -Module EtcdMaint | Where-Object { $_.Parameters.ContainsKey('InputObject') -and $_.Parameters.ContainsKey('MemberName') }
}

Describe 'What cmdlets emit is what cmdlets take' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $cmdlets = Get-Command -Module EtcdMaint
        $public = [EtcdMaint.EtcdMember].Assembly.GetExportedTypes()
    }

    It '<_> stands for a member' -ForEach $results {
        $type = [type]"EtcdMaint.$_"
        [EtcdMaint.IEtcdMemberRecord].IsAssignableFrom($type) | Should -BeTrue
        $names = $type.GetProperties().Name
        foreach ($name in 'ClusterName', 'ClusterId', 'MemberId', 'MemberName') { $names | Should -Contain $name }
        $names[0] | Should -Be 'ClusterName'
    }

    It '<_> says first which cluster it is about' -ForEach 'EtcdFinding', 'EtcdMemberHash', 'EtcdMaintenanceStep', 'EtcdHealthReport', 'EtcdMaintenanceReport' {
        ([type]"EtcdMaint.$_").GetProperties().Name | Select-Object -First 2 | Should -Be 'ClusterName', 'ClusterId'
    }

    It '<_.Name> takes members, results and connections' -ForEach $takers {
        $_.Parameters['InputObject'].ParameterType | Should -Be ([EtcdMaint.IEtcdMemberRecord[]])
        $_.Parameters['Member'].ParameterType | Should -Be ([EtcdMaint.EtcdMember[]])
        $_.Parameters['Connection'].ParameterType | Should -Be ([EtcdMaint.EtcdConnection[]])
    }

    It 'has a property and the parameter that it feeds of one name and one type' {
        foreach ($cmdlet in $cmdlets) {
            foreach ($parameter in $cmdlet.Parameters.Values) {
                $isFed = $parameter.ParameterSets.Values.ValueFromPipelineByPropertyName -contains $true
                if (-not $isFed -or $cmdlet.Name -eq 'Connect-EtcdCluster') { continue }
                foreach ($property in $public.GetProperties() | Where-Object Name -EQ $parameter.Name) {
                    $fed = $parameter.ParameterType
                    if ($fed.IsArray) { $fed = $fed.GetElementType() }
                    $property.PropertyType | Should -Be $fed -Because "$($cmdlet.Name) -$($parameter.Name) is fed by $($property.DeclaringType.Name)"
                }
            }
        }
    }

    It 'never binds what must be typed from the pipeline' {
        (Get-Command Clear-EtcdAlarm).Parameters['AlarmType'].ParameterSets.Values | ForEach-Object {
            $_.ValueFromPipelineByPropertyName | Should -BeFalse
            $_.ValueFromPipeline | Should -BeFalse
        }
    }

    It 'stays a plan behind Select-Object' -Skip:(-not $HasCluster) {
        $rows = Get-EtcdMember | Invoke-EtcdCompaction -WhatIf | Select-Object MemberName, Status, Member | Invoke-EtcdDefrag
        $rows.Status | Sort-Object -Unique | Should -Be 'Planned'
        $rows = Get-EtcdMember | Invoke-EtcdCompaction -KeepRevisions 1000000 -WhatIf | Select-Object * | Invoke-EtcdDefrag -MinimumFreeBytes 0
        $rows.Status | Sort-Object -Unique | Should -Be 'Planned'
        Get-ErrorId { Get-EtcdMember | Invoke-EtcdCompaction -WhatIf | Select-Object MemberName, Member | Invoke-EtcdDefrag } | Should -Be 'StatusNotSelected'
    }

    It 'exports a report that comes out of a job' {
        $job = Start-Job -ScriptBlock {
            Import-Module $using:env:ETCDMAINT_MODULE
            Connect-EtcdCluster -Endpoint http://127.0.0.1:1 -ClusterName dead -NoVerify | Invoke-EtcdMaintenance -TimeoutSeconds 5 -ErrorAction SilentlyContinue
        }
        $report = $job | Receive-Job -Wait -AutoRemoveJob
        $report.PSObject.TypeNames | Should -Contain 'Deserialized.EtcdMaint.EtcdMaintenanceReport'
        $file = $report | Export-EtcdMaintenanceReport (Join-Path $TestDrive report.json)
        $written = (Get-Content $file | ConvertFrom-Json).reports
        $written.clusterName | Should -Be 'dead'
        $written.steps[0].name | Should -Be 'Health'
        $written.errors | Should -BeLike 'EndpointRefused*'
    }

    It 'is immutable and free of third-party types' {
        foreach ($property in $public.Where({ $_.IsClass -and $_.Name -like 'Etcd*' -and $_.Name -ne 'EtcdException' }).GetProperties()) {
            $property.SetMethod.IsPublic | Should -Not -BeTrue -Because "$($property.DeclaringType.Name).$($property.Name)"
            $property.PropertyType.FullName | Should -Match '^(System|EtcdMaint)\.'
        }
    }
}
