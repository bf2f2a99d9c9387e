namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>
/// Tests that set variables of this process, which every other test would see: they have it to themselves.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class ProcessEnvironment;
