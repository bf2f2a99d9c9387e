namespace EtcdMaint.Cmdlets;

/// <summary>
/// One variable of etcdctl, read once. As in etcdctl, an empty variable counts as unset and a blank variable as set.
/// Source: etcd-io/etcd, pkg/flags/flag.go.
/// </summary>
internal sealed class EtcdctlVariable(string name)
{
    public string Name { get; } = "ETCDCTL_" + name;

    /// <summary>The value; null if the variable is not set.</summary>
    public string? Value { get; } =
        Environment.GetEnvironmentVariable("ETCDCTL_" + name) is { Length: > 0 } value ? value : null;

    /// <summary>The value; null if the variable is not set or is blank.</summary>
    public string? NotBlank => string.IsNullOrWhiteSpace(Value) ? null : Value;

    /// <summary>
    /// Reads a switch in the forms that ParseBool of Go accepts. etcdctl treats any other value as false without a
    /// message. This could enable TLS or the check of discovered endpoints, so it is an error here.
    /// </summary>
    /// <exception cref="EtcdException">The value is not a switch.</exception>
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
