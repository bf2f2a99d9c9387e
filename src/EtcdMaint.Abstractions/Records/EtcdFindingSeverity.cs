namespace EtcdMaint;

/// <summary>The severity of a finding.</summary>
public enum EtcdFindingSeverity
{
    /// <summary>No action is required.</summary>
    Information,

    /// <summary>The condition can become an error.</summary>
    Warning,

    /// <summary>The cluster does not count as healthy.</summary>
    Error,
}
