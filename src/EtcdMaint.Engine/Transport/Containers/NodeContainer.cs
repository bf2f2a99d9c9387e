namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>A running container of a node.</summary>
/// <param name="Node">Runs programs on the node as a user who may run programs in the container.</param>
/// <param name="Tool">The program of the runtime.</param>
/// <param name="Id">The ID of the container.</param>
/// <param name="Name">The name of the container.</param>
internal sealed record NodeContainer(ICommandRunner Node, ContainerTool Tool, string Id, string Name)
{
    private const int ShownLength = 12;

    /// <summary>
    /// The process ID, on the node, of the first process of the container, or null if the runtime does not report it.
    /// </summary>
    public int? ProcessId { get; init; }

    public ICommandRunner Enter() => new ContainerCommandRunner(Node, Tool, Id);

    public override string ToString() => $"{Name} ({Id[..Math.Min(Id.Length, ShownLength)]})";
}
