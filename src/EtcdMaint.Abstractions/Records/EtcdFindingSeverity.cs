namespace EtcdMaint;

/// <summary>How much a finding matters.</summary>
public enum EtcdFindingSeverity
{
    /// <summary>No action is needed.</summary>
    Information,

    /// <summary>Will become trouble.</summary>
    Warning,

    /// <summary>Is trouble: the cluster does not count as healthy.</summary>
    Error,
}
