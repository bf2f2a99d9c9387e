namespace EtcdMaint.Engine.Transport.Containers;

/// <summary>A running container of a node.</summary>
/// <param name="Node">Runs programs on the node, as a user who may enter the container.</param>
/// <param name="Tool">The runtime's program.</param>
/// <param name="Id">Its ID.</param>
/// <param name="Name">Its name.</param>
internal sealed record NodeContainer(ICommandRunner Node, ContainerTool Tool, string Id, string Name)
{
    private const int ShownLength = 12;

    /// <summary>Its first process by the ID on the node; null where the runtime does not tell.</summary>
    public int? ProcessId { get; init; }

    public ICommandRunner Enter() => new ContainerCommandRunner(Node, Tool, Id);

    public override string ToString() => $"{Name} ({Id[..Math.Min(Id.Length, ShownLength)]})";
}
