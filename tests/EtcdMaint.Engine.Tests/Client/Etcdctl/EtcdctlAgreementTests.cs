using EtcdMaint.Engine.Client.Etcdctl;
using EtcdMaint.Engine.Tests.Runbook;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Tests.Client.Etcdctl;

/// <summary>Which value of a variable has the same effect as the flag when the variable cannot be unset.</summary>
[Trait("Kind", "Real")]
public sealed class EtcdctlAgreementTests
{
    private static readonly EtcdctlSettings Settings = new() { Endpoint = new EtcdEndpoint(true, "127.0.0.1", 2379) };

    [Theory]
    [InlineData("endpoints", "https://127.0.0.1:2379", "https://127.0.0.1:2379", true)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "https://127.0.0.1:2379/", true)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "127.0.0.1:2379", true)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "http://127.0.0.1:2379", false)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "127.0.0.1", false)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "127.0.0.1:23790", false)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "localhost:2379", false)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "https://127.0.0.1:2379,https://10.0.0.2:2379", false)]
    [InlineData("endpoints", "https://127.0.0.1:2379", "", false)]
    [InlineData("command-timeout", "15000ms", "15s", true)]
    [InlineData("command-timeout", "15000ms", "1h0m0.5s", true)]
    [InlineData("command-timeout", "15000ms", "14999ms", false)]
    [InlineData("command-timeout", "15000ms", "-20s", false)]
    [InlineData("command-timeout", "15000ms", "nonsense", false)]
    [InlineData("dial-timeout", "5000ms", "2s", true)]
    [InlineData("dial-timeout", "5000ms", "0s", false)]
    [InlineData("hex", "false", "true", false)]
    [InlineData("cacert", "/ca.crt", "/ca.crt", true)]
    [InlineData("cacert", "/ca.crt", "/other.crt", false)]
    [InlineData("user", "", "", true)]
    [InlineData("user", "", "root:secret", false)]
    public void Endpoint_and_files_must_be_equal_and_timeouts_long_enough(
        string flag,
        string needed,
        string value,
        bool holds
    ) => Assert.Equal(holds, EtcdctlAgreement.Holds(new EtcdctlFlag(flag, needed), value, Settings));

    [Theory]
    [InlineData("ETCDCTL_USER", "root:secret")]
    [InlineData("ETCDCTL_PASSWORD", "secret")]
    [InlineData("ETCDCTL_AUTH_JWT_TOKEN", "secret")]
    [InlineData("ETCDCTL_ENDPOINTS", "https://root:secret@10.0.0.1:2379")]
    public void Shows_no_secret(string variable, string value)
    {
        string said = EtcdctlAgreement.Describe(
            variable,
            value,
            new EtcdctlFlag("endpoints", "https://127.0.0.1:2379")
        );
        Assert.StartsWith(variable, said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }
}
