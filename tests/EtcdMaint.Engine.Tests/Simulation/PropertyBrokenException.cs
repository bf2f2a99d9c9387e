namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A property that does not hold, with the story of the run that shows it.</summary>
internal sealed class PropertyBrokenException(string message) : Exception(message);
