using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Faults;

/// <summary>A certificate expires in the middle of a run: open connections live on, new ones do not come about.</summary>
public sealed class CertificateTests
{
    public static TheoryData<string> Oldest => Spread.Oldest;

    public static TheoryData<string> Newest => Spread.Newest;

    [Theory]
    [MemberData(nameof(Oldest))]
    public Task While_the_connections_hold_the_run_completes(string release) => Drill.HoldAsync(
        release,
        async drill =>
        {
            RunRecorder run = await drill.RunAsync(turn: 2, before: _ =>
            {
                drill.Etcd.PresentServerCertificate(drill.Etcd.Certificates!.ExpiredServer());
                return Task.CompletedTask;
            });

            Assert.All(run.Rows<EtcdDefragResult>(), r => Assert.Equal(EtcdDefragStatus.Defragmented, r.Status));
            Assert.Empty(run.Errors);
            drill.Etcd.PresentServerCertificate(null);
            await drill.ProveAsync(run);
        },
        options => options with { Tls = Tls.Mutual });

    [Theory]
    [MemberData(nameof(Newest))]
    public Task Where_a_connection_breaks_then_the_run_ends_with_the_reason(string release) => Drill.HoldAsync(
        release,
        async drill =>
        {
            RunRecorder run = await drill.RunAsync(
                before: member => drill.SlowAsync(member, 1.5),
                meanwhile: async member =>
                {
                    await drill.BegunAsync(member);
                    drill.Etcd.PresentServerCertificate(drill.Etcd.Certificates!.ExpiredServer());
                    ClusterMember other = drill.Etcd.Members.First(m => m != member);
                    drill.Proxy(other).Drop();
                });

            IReadOnlyList<EtcdDefragResult> rows = run.Rows<EtcdDefragResult>();
            Assert.Equal([EtcdDefragStatus.Defragmented, EtcdDefragStatus.NotAttempted, EtcdDefragStatus.NotAttempted], rows.Select(r => r.Status));
            Assert.Contains("expired", Assert.Single(run.Errors).Message);
            Assert.True(drill.Took < TimeSpan.FromSeconds(20), $"It took {drill.Took.TotalSeconds:0.0} s.");
            drill.Etcd.PresentServerCertificate(null);
            await drill.ProveAsync(run);
        },
        options => options with { Tls = Tls.Mutual },
        behindProxies: true);
}
