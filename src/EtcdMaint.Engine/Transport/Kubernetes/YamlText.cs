namespace EtcdMaint.Engine.Transport.Kubernetes;

/// <summary>A scalar of YAML. Only a scalar without quotes can have a meaning other than its text.</summary>
internal sealed record YamlText(string Value, bool IsPlain)
{
    /// <summary>A node that is absent.</summary>
    public static YamlText Empty { get; } = new("", true);

    public bool IsNull => IsPlain && Value is ("" or "~" or "null" or "Null" or "NULL");

    /// <summary>
    /// The Boolean value of the scalar, or null if it is not Boolean. Source: go-yaml v2, resolve.go.
    /// </summary>
    public bool? Flag =>
        !IsPlain
            ? null
            : Value switch
            {
                "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
                "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
                _ => null,
            };
}
