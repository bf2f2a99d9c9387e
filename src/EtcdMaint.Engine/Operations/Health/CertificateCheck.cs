using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Membership;
using EtcdMaint.Engine.Safety;
using EtcdMaint.Engine.Safety.Gates;
using static EtcdMaint.EtcdFindingSeverity;

namespace EtcdMaint.Engine.Operations.Health;

/// <summary>
/// Finds certificates that expire soon. An expired certificate interrupts the connections between members or those of
/// this module.
/// </summary>
internal sealed class CertificateCheck(ClusterState state, TimeProvider time)
{
    public async Task<IReadOnlyList<EtcdFinding>> FindAsync(CallBudget limit)
    {
        ResolvedMember[] reachable = [.. state.ClusterMembership.Members.Where(m => m.Client is not null)];
        IReadOnlyList<CertificateValidity>[] read = await Task.WhenAll(
                reachable.Select(m => m.Client!.ReadCertificatesAsync(limit))
            )
            .ConfigureAwait(false);
        var findings = new List<EtcdFinding>();
        for (int i = 0; i < reachable.Length; i++)
            findings.AddRange(read[i].Where(c => !c.IsOurs).Select(c => Judge(reachable[i], c)).OfType<EtcdFinding>());
        if (read.SelectMany(c => c).FirstOrDefault(c => c.IsOurs) is { } own && Judge(null, own) is { } ours)
            findings.Add(ours);
        return findings;
    }

    private EtcdFinding? Judge(ResolvedMember? member, CertificateValidity certificate)
    {
        TimeSpan left = certificate.NotAfter - time.GetUtcNow();
        if (left > Limits.Health.CertificateNotice)
            return null;
        string whose = member is null ? "The client certificate used here" : $"The certificate of {member}";
        bool isOver = left <= TimeSpan.Zero;
        return Findings.About(
            member,
            isOver ? ErrorIds.CertificateExpired : ErrorIds.CertificateExpiring,
            isOver ? Error
                : left <= Limits.Health.CertificateWarning ? Warning
                : Information,
            $"{whose} {(isOver ? "expired" : "expires")} on {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}.",
            "Renew it."
        );
    }
}
