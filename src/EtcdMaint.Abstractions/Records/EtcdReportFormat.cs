namespace EtcdMaint;

/// <summary>What a maintenance report can be written as.</summary>
public enum EtcdReportFormat
{
    /// <summary>For programs; its schema is versioned.</summary>
    Json,

    /// <summary>For people: one page that needs nothing else.</summary>
    Html,
}
