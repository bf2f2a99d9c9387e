namespace EtcdMaint.TestCluster;

/// <summary>How clients reach the members.</summary>
public enum TlsMode
{
    None,

    /// <summary>The members prove who they are; clients need not.</summary>
    ServerOnly,

    /// <summary>Clients need a certificate as well.</summary>
    Mutual,
}
