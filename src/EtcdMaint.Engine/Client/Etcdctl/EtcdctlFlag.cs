namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>A flag of etcdctl that every command inherits, and that therefore has a variable.</summary>
internal sealed record EtcdctlFlag(string Name, string Value)
{
    public string Variable => EtcdctlVariables.Of(Name);

    public override string ToString() => $"--{Name}={Value}";
}
