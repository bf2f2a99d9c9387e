namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>A flag of etcdctl that each command inherits, so that a variable can stand for it.</summary>
internal sealed record EtcdctlFlag(string Name, string Value)
{
    public string Variable => EtcdctlVariables.Of(Name);

    public override string ToString() => $"--{Name}={Value}";
}
