namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>
/// The tests in simulated time. They have the process to themselves: time stands still while the thread pool is busy
/// (<see cref="PoolCalm"/>), whoever keeps it busy.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class SimulatedClusters;
