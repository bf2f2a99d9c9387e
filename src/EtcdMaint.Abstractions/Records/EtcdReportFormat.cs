namespace EtcdMaint;

/// <summary>The file formats of a maintenance report.</summary>
public enum EtcdReportFormat
{
    /// <summary>JSON with a versioned schema, for programs.</summary>
    Json,

    /// <summary>One HTML page that needs no other file, for readers.</summary>
    Html,

    /// <summary>One line of JSON for each report, for programs that read line by line.</summary>
    JsonLines,
}
