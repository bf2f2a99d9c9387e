@{
    RootModule = 'EtcdMaint.PowerShell.dll'
    ModuleVersion = '0.1.0'
    GUID = '5f0a3c5e-8a0b-4d7e-9d53-2b6a1c7e94f1'
    Author = 'The EtcdMaint authors'
    CompanyName = 'The EtcdMaint authors'
    Copyright = '(c) The EtcdMaint authors. MIT licence.'
    Description = 'Keeps etcd clusters small, healthy and writable: shows the state of every member, compacts history, defragments one member at a time without hurting the cluster, and disarms the space alarm once the space is there.'
    PowerShellVersion = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess = @('EtcdMaint.Format.ps1xml')
    TypesToProcess = @('EtcdMaint.Types.ps1xml')
    CmdletsToExport = @(
        'Clear-EtcdAlarm'
        'Connect-EtcdCluster'
        'Disconnect-EtcdCluster'
        'Export-EtcdMaintenanceReport'
        'Export-EtcdMetric'
        'Get-EtcdAlarm'
        'Get-EtcdConnection'
        'Get-EtcdForecast'
        'Get-EtcdMember'
        'Get-EtcdMemberStatus'
        'Get-EtcdSpaceUsage'
        'Invoke-EtcdCompaction'
        'Invoke-EtcdDefrag'
        'Invoke-EtcdMaintenance'
        'Move-EtcdLeader'
        'New-EtcdMaintenancePlan'
        'Save-EtcdSnapshot'
        'Test-EtcdHealth'
        'Test-EtcdSnapshot'
        'Test-EtcdUpgrade'
    )
    FunctionsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = @('PSEdition_Core', 'Windows', 'Linux', 'MacOS', 'etcd', 'etcdctl', 'Kubernetes', 'defrag', 'maintenance', 'AzureAutomation')
            LicenseUri = 'https://github.com/etcdmaint/etcdmaint/blob/main/LICENSE'
            ProjectUri = 'https://github.com/etcdmaint/etcdmaint'
            ReleaseNotes = 'First version: members, status, health, compaction, defragmentation, alarms, leadership, snapshots and the whole runbook, over direct endpoints, Kubernetes and ssh.'
        }
    }
}
