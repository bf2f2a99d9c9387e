BeforeDiscovery {
    . $PSScriptRoot/Suite.ps1
    $results = 'EtcdMember', 'EtcdMemberStatus', 'EtcdAlarm', 'EtcdCompactionResult', 'EtcdDefragResult', 'EtcdSnapshot'
    $takers = Get-Command -Module EtcdMaint | Where-Object { $_.Parameters.ContainsKey('InputObject') -and $_.Parameters.ContainsKey('MemberName') }
}

Describe 'The output of cmdlets as input of cmdlets' {
    BeforeAll {
        . $PSScriptRoot/Suite.ps1
        $cmdlets = Get-Command -Module EtcdMaint
        $public = [EtcdMaint.EtcdMember].Assembly.GetExportedTypes()
    }

    It '<_> identifies a member' -ForEach $results {
        $type = [type]"EtcdMaint.$_"
        [EtcdMaint.IEtcdMemberRecord].IsAssignableFrom($type) | Should -BeTrue
        $names = $type.GetProperties().Name
        foreach ($name in 'ClusterName', 'ClusterId', 'MemberId', 'MemberName') { $names | Should -Contain $name }
        $names[0] | Should -Be 'ClusterName'
    }

    It '<_> starts with the name of its cluster' -ForEach 'EtcdFinding', 'EtcdMemberHash', 'EtcdLease', 'EtcdLostLease', 'EtcdMaintenanceStep', 'EtcdHealthReport', 'EtcdMaintenanceReport' {
        ([type]"EtcdMaint.$_").GetProperties().Name | Select-Object -First 2 | Should -Be 'ClusterName', 'ClusterId'
    }

    It '<_.Name> accepts members, results and connections' -ForEach $takers {
        $_.Parameters['InputObject'].ParameterType | Should -Be ([EtcdMaint.IEtcdMemberRecord[]])
        $_.Parameters['Member'].ParameterType | Should -Be ([EtcdMaint.EtcdMember[]])
        $_.Parameters['Connection'].ParameterType | Should -Be ([EtcdMaint.EtcdConnection[]])
    }

    It 'binds each property to a parameter of the same name and type' {
        foreach ($cmdlet in $cmdlets) {
            foreach ($parameter in $cmdlet.Parameters.Values) {
                $isFed = $parameter.ParameterSets.Values.ValueFromPipelineByPropertyName -contains $true
                if (-not $isFed -or $cmdlet.Name -eq 'Connect-EtcdCluster') { continue }
                foreach ($property in $public.GetProperties() | Where-Object Name -EQ $parameter.Name) {
                    $fed = $parameter.ParameterType
                    if ($fed.IsArray) { $fed = $fed.GetElementType() }
                    $property.PropertyType | Should -Be $fed -Because "$($cmdlet.Name) -$($parameter.Name) is bound from $($property.DeclaringType.Name)"
                }
            }
        }
    }

    It 'never binds from the pipeline what must be specified by name' {
        (Get-Command Clear-EtcdAlarm).Parameters['AlarmType'].ParameterSets.Values | ForEach-Object {
            $_.ValueFromPipelineByPropertyName | Should -BeFalse
            $_.ValueFromPipeline | Should -BeFalse
        }
    }

    It 'remains a plan after Select-Object' -Skip:(-not $HasCluster) {
        $rows = Get-EtcdMember | Invoke-EtcdCompaction -WhatIf | Select-Object MemberName, Status, Member | Invoke-EtcdDefrag
        $rows.Status | Sort-Object -Unique | Should -Be 'Planned'
        $rows = Get-EtcdMember | Invoke-EtcdCompaction -KeepRevisions 1000000 -WhatIf | Select-Object * | Invoke-EtcdDefrag -MinimumFreeBytes 0
        $rows.Status | Sort-Object -Unique | Should -Be 'Planned'
        Get-ErrorId { Get-EtcdMember | Invoke-EtcdCompaction -WhatIf | Select-Object MemberName, Member | Invoke-EtcdDefrag } | Should -Be 'StatusNotSelected'
    }

    It 'exports a report from a job' {
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
            "$($property.PropertyType.Namespace).$($property.PropertyType.Name)" | Should -Match '^(System|EtcdMaint)\.'
        }
    }
}
