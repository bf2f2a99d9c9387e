using System.Globalization;
using EtcdMaint.Package.Tests.Shells;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Package.Tests.Cultures;

/// <summary>A real pwsh with a culture whose calendar counts years differently.</summary>
public sealed class CultureTests
{
    private const int BuddhistYears = 543;

    [Fact]
    public async Task Dates_use_the_Gregorian_calendar()
    {
        int year = DateTime.UtcNow.Year;
        await using TestEtcdCluster cluster = await TestEtcdCluster.StartAsync(
            new ClusterOptions { Tls = TlsMode.Mutual },
            TestContext.Current.CancellationToken
        );
        ShellResult result = await Pwsh.RunAsync(
            $"Import-Module '{Repository.Manifest}'; '{{0:yyyy}}' -f [datetime]::UtcNow; "
                + "(Test-EtcdHealth).Finding.Where{ $_.FindingId -like 'Certificate*' }.Message",
            new Dictionary<string, string>(cluster.ConnectionEnvironment) { ["LC_ALL"] = "th_TH.UTF-8" }
        );
        result.MustHaveSucceeded();
        string[] lines = result.Output.Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        Assert.SkipUnless(
            lines[0] == (year + BuddhistYears).ToString(CultureInfo.InvariantCulture),
            "This pwsh supports no cultures."
        );
        Assert.NotEmpty(lines[1..]);
        Assert.All(lines[1..], message => Assert.Matches($@"on ({year}|{year + 1})-\d\d-\d\d\.$", message));
    }
}
