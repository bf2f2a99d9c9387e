using EtcdMaint.Engine.Tests.Fixtures;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Connecting;

/// <summary>A certificate expires during a run: open connections stay open, new ones cannot be established.</summary>
[Trait("Kind", "Fault")]
public sealed class CertificateFaultTests
{
    public static TheoryData<string> Oldest => TestProfile.Oldest;

    public static TheoryData<string> Newest => TestProfile.Newest;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task A_server_certificate_that_expires_during_a_run_ends_it_before_the_next_member(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    turn: 2,
                    before: _ =>
                    {
                        scenario.Etcd.PresentServerCertificate(scenario.Etcd.Certificates!.ExpiredServer());
                        return Task.CompletedTask;
                    }
                );

                // A defragmentation is sent over a new connection only.
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.Failed, EtcdDefragStatus.NotAttempted],
                    run.Rows<EtcdDefragResult>().Select(r => r.Status)
                );
                EtcdException error = Assert.Single(run.Errors);
                Assert.Equal("DefragNotSent", error.ErrorId);
                Assert.Equal(
                    "ServerCertificateExpired",
                    Assert.IsType<EtcdException>(error.InnerException, exactMatch: false).ErrorId
                );
                scenario.Etcd.PresentServerCertificate(null);
                await scenario.ProveAsync(run);
            },
            options => options with { Tls = TlsMode.Mutual }
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task When_a_connection_breaks_after_the_expiry_the_run_ends_with_the_reason(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                RunRecorder run = await scenario.RunAsync(
                    before: member => scenario.SlowAsync(member, 1.5),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        scenario.Etcd.PresentServerCertificate(scenario.Etcd.Certificates!.ExpiredServer());
                        ClusterMember other = scenario.Etcd.Members.First(m => m != member);
                        scenario.Proxy(other).Drop();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Contains("expired", Assert.Single(run.Errors).Message);
                Assert.True(scenario.Took < TimeSpan.FromSeconds(20), $"It took {scenario.Took.TotalSeconds:0.0} s.");
                scenario.Etcd.PresentServerCertificate(null);
                await scenario.ProveAsync(run);
            },
            options => options with { Tls = TlsMode.Mutual },
            behindProxies: true
        );

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task An_expired_client_certificate_sends_nothing_over_a_new_connection(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                DateTimeOffset end = await ReconnectBrieflyAsync(scenario);
                RunRecorder run = await scenario.RunAsync(before: async member =>
                {
                    await ExpiredAsync(end);
                    scenario.Proxy(member).Drop();
                });

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.Failed, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                EtcdException error = Assert.Single(run.Errors);
                Assert.Equal("DefragNotSent", error.ErrorId);
                Assert.Equal(
                    "ClientCertificateExpired",
                    Assert.IsType<EtcdException>(error.InnerException, exactMatch: false).ErrorId
                );
                Assert.Empty(EtcdLogs.Defragmentations(scenario.Etcd));
                await scenario.ReconnectAsync();
                await scenario.ProveAsync(run);
            },
            options => options with { Tls = TlsMode.Mutual },
            behindProxies: true
        );

    [Theory]
    [MemberData(nameof(Newest))]
    public Task With_an_expired_client_certificate_the_outcome_of_a_defragmentation_is_unknown(string release) =>
        FaultScenario.HoldAsync(
            release,
            async scenario =>
            {
                DateTimeOffset end = await ReconnectBrieflyAsync(scenario, seconds: 10);
                RunRecorder run = await scenario.RunAsync(
                    r => r with { DefragTimeout = TimeSpan.FromSeconds(15), ContinueOnError = true },
                    before: member => scenario.SlowAsync(member, 60),
                    meanwhile: async member =>
                    {
                        await scenario.BegunAsync(member);
                        await ExpiredAsync(end);
                        scenario.Proxy(member).Drop();
                    }
                );

                IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
                Assert.Equal(
                    [EtcdDefragStatus.TimedOut, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted],
                    rows.Select(r => r.Status)
                );
                Assert.Contains("rejected the client certificate: it has expired", rows[0].Reason);
                Assert.Equal("DefragUnknown", Assert.Single(run.Errors).ErrorId);
                await scenario.ReconnectAsync();
                await scenario.ProveAsync(run);
            },
            options => options with { Tls = TlsMode.Mutual },
            behindProxies: true
        );

    /// <summary>Opens all connections while the certificate is valid, and returns when it expires.</summary>
    private static async Task<DateTimeOffset> ReconnectBrieflyAsync(FaultScenario scenario, int seconds = 3)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(seconds);
        await scenario.ReconnectAsync(scenario.Etcd.Certificates!.ClientUntil(end));
        Assert.All(await scenario.Real.StatusAsync(), s => Assert.True(s.IsReachable));
        return end;
    }

    private static Task ExpiredAsync(DateTimeOffset end) =>
        Poll.UntilAsync(
            () => DateTimeOffset.UtcNow > end,
            TimeSpan.FromSeconds(15),
            "the certificate has expired",
            Cancellation
        );
}
