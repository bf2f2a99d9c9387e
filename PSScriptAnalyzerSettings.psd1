@{
    # Everything that the PowerShell Gallery looks at when a module is published, and more: all default rules.
    Severity = @('Error', 'Warning')
    ExcludeRules = @()
}
