namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// The tests in simulated time. They run alone: time does not advance while the thread pool is busy
/// (<see cref="PoolCalm"/>) for any reason.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class SimulatedClusters;
