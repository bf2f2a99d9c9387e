using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>The network path between the run and a member.</summary>
internal enum NetworkState
{
    Open,

    /// <summary>A closed port: every new call fails at once.</summary>
    Refusing,

    /// <summary>All packets are dropped in both directions until the path is open again.</summary>
    BlackHole,
}
