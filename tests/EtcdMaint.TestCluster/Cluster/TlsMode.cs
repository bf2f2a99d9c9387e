namespace EtcdMaint.TestCluster;

/// <summary>How clients connect to the members.</summary>
public enum TlsMode
{
    None,

    /// <summary>Only the members present a certificate.</summary>
    ServerOnly,

    /// <summary>Clients must present a certificate too.</summary>
    Mutual,
}
