using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Ssh;

namespace EtcdMaint.Engine.Tests.Transport.Ssh;

/// <summary>The reasons that ssh prints, as OpenSSH for Windows and older releases also print them.</summary>
public sealed class SshFailuresTests
{
    [Theory]
    [InlineData("Bad owner or permissions on C:\\Users\\ann/.ssh/config\r\n", "SshConfigUnprotected")]
    [InlineData("ssh_exchange_identification: Connection closed by remote host\r\n", "SshServerHungUp")]
    [InlineData("Connection reset by 10.0.0.1 port 22\n", "SshServerHungUp")]
    [InlineData("banner\nConnection closed by ::1 port 22\nBytes per second: sent 1, received 2\n", "SshServerHungUp")]
    [InlineData("ssh_dispatch_run_fatal: Connection to 10.0.0.1 port 22: Broken pipe\n", "SshServerHungUp")]
    [InlineData("Unable to negotiate with 10.0.0.1 port 22: no matching cipher found.\n", "SshUnusable")]
    [InlineData("CreateProcessW failed error:2\r\nposix_spawn: No such file or directory\r\n", "SshUnusable")]
    [InlineData("channel 0: open failed: connect failed: Connection refused\n", "SshHostUnreachable")]
    public void A_failure_before_the_login_is_not_a_lost_connection(string errors, string errorId)
    {
        DialException read = SshFailures.ReadLogin(errors);
        EtcdException error = MemberCallException.Create(read.Failure, new MemberAddress("ssh://node"), read.Message);
        Assert.Equal(errorId, error.ErrorId);
    }

    [Fact]
    public void An_unprotected_config_is_named()
    {
        DialException read = SshFailures.ReadLogin("Bad owner or permissions on C:\\Users\\ann/.ssh/config\r\n");
        string message = MemberCallException
            .Create(read.Failure, new MemberAddress("ssh://node"), read.Message)
            .Message;
        Assert.Contains(": Bad owner or permissions on C:\\Users\\ann/.ssh/config.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_login_an_unknown_message_means_a_lost_connection()
    {
        DialException read = SshFailures.Read(
            "client_loop: send disconnect: Broken pipe\n"
                + "Transferred: sent 1, received 2 bytes, in 0.1 seconds\nBytes per second: sent 1, received 2\n"
        );
        Assert.Equal(CallFailure.ConnectionLost, read.Failure);
        Assert.Equal("client_loop: send disconnect: Broken pipe", read.Message);
    }
}
