namespace EtcdMaint;

/// <summary>The file formats of a maintenance report.</summary>
public enum EtcdReportFormat
{
    /// <summary>JSON with a versioned schema, for programs.</summary>
    Json,

    /// <summary>One HTML page that needs no other file, for readers.</summary>
    Html,
}
