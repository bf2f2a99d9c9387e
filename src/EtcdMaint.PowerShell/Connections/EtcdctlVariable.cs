namespace EtcdMaint.Cmdlets;

/// <summary>
/// One variable of etcdctl, read at one moment. As for etcdctl, an empty one counts as none, and a blank one as set.
/// Source: etcd-io/etcd, pkg/flags/flag.go.
/// </summary>
internal sealed class EtcdctlVariable(string name)
{
    public string Name { get; } = "ETCDCTL_" + name;

    /// <summary>Null where it is not set.</summary>
    public string? Value { get; } =
        Environment.GetEnvironmentVariable("ETCDCTL_" + name) is { Length: > 0 } value ? value : null;

    /// <summary>Null also where it is blank.</summary>
    public string? NotBlank => string.IsNullOrWhiteSpace(Value) ? null : Value;

    /// <summary>
    /// A switch in the words that Go's ParseBool knows. etcdctl takes every other word for false and says nothing,
    /// which may switch TLS on or the check of discovered endpoints, so it is an error here.
    /// </summary>
    /// <exception cref="EtcdException">The value is no switch.</exception>
    public bool IsOn(bool unset) =>
        Value switch
        {
            null => unset,
            "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
            _ => throw InputErrors.EtcdctlVariableUnusable(Name, $"is not a switch: '{Value}'", "Write true or false"),
        };

    public override string ToString() => $"{Name}={Value}";
}
