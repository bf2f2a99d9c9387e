namespace EtcdMaint.PowerShell.Tests.Fixtures;

/// <summary>Tests that set variables of this process, which affect every other test: they run alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class ProcessEnvironment;
