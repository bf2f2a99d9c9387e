using EtcdMaint.Engine.Tests.Transport.Tcp;

namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>The way between the run and a member.</summary>
internal enum NetworkState
{
    Open,

    /// <summary>A closed port: every new call fails at once.</summary>
    Refusing,

    /// <summary>Everything vanishes in both directions, until it is open again.</summary>
    BlackHole,
}
