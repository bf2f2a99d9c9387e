using EtcdMaint.Engine.Connecting.Nodes;

namespace EtcdMaint.Engine.Tests.Connecting.Nodes;

/// <summary>The config file of etcd, as the module reads it on a node.</summary>
[Trait("Kind", "Real")]
public sealed class EtcdConfigFileTests
{
    [Theory]
    [InlineData("quota-backend-bytes: 33554432")]
    [InlineData("Quota-Backend-Bytes: 33554432")]
    public void Reads_keys_regardless_of_case(string text) =>
        Assert.Equal("33554432", EtcdConfigFile.Read(text)!["quota-backend-bytes"]);

    [Theory]
    [InlineData("x: &x {quota-backend-bytes: 33554432}\n<<: *x")]
    [InlineData("not a mapping")]
    [InlineData("a: [")]
    public void Ignores_files_with_unclear_settings(string text) => Assert.Null(EtcdConfigFile.Read(text));

    [Fact]
    public void Any_damage_gives_settings_or_none()
    {
        const string whole =
            "name: a\ndata-dir: /var/lib/etcd\nclient-transport-security: {cert-file: a, key-file: "
            + "b}\nquota-backend-bytes: 1";
        const string signs = "{}[]:,&*!|>'\"%@`#?-<= \n\t\0";
        var random = new Random(18);
        for (int round = 0; round < 2000; round++)
        {
            char[] text = whole.ToCharArray();
            for (int change = random.Next(1, 6); change > 0; change--)
                text[random.Next(text.Length)] = signs[random.Next(signs.Length)];
            _ = EtcdConfigFile.Read(new string(text));
        }
    }
}
