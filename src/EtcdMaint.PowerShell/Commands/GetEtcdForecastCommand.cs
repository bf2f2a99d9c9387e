using System.Management.Automation;
using EtcdMaint.Forecasts;
using EtcdMaint.SizeHistory;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Tells from a history when clusters reach their quotas and when their next maintenance is due. It contacts no
/// cluster.
/// </summary>
[Cmdlet(VerbsCommon.Get, "EtcdForecast")]
[OutputType(typeof(EtcdForecast))]
public sealed class GetEtcdForecastCommand : PSCmdlet
{
    private readonly List<string> _names = [];

    /// <summary>The file or folder of the history.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string HistoryPath { get; set; } = "";

    /// <summary>The names of clusters. Wildcards are allowed.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HistoryClusterCompleter))]
    public string[]? ClusterName { get; set; }

    /// <summary>The days after the newest sample in which a forecast is made.</summary>
    [Parameter]
    [ValidateRange(1, 3650)]
    public int HorizonDays { get; set; } = ForecastPolicy.DefaultHorizonDays;

    /// <summary>Rejects an empty name, which would otherwise select no cluster without an error.</summary>
    protected override void BeginProcessing()
    {
        if (NarrowingAttribute.FindEmpty(this) is { } parameter)
            ThrowTerminatingError(InputErrors.ParameterEmpty(parameter).ToErrorRecord());
    }

    /// <summary>Collects the names, because each file is read once.</summary>
    protected override void ProcessRecord() => _names.AddRange((ClusterName ?? []).Where(name => name is not null));

    /// <summary>Reads the history, and emits a row for each cluster.</summary>
    protected override void EndProcessing()
    {
        bool isChosen = MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(ClusterName));
        if (isChosen && _names.Count == 0)
        {
            WriteVerbose("No cluster was specified, so the cmdlet did nothing.");
            return;
        }
        try
        {
            string path = HistoryLocation.Resolve(SessionState, HistoryPath);
            IReadOnlyList<string> found = Forecast(path, isChosen ? Pattern() : null);
            foreach (string name in _names.Distinct().Where(name => !WildcardPattern.ContainsWildcardCharacters(name)))
                if (!found.Contains(name, StringComparer.OrdinalIgnoreCase))
                    WriteError(HistoryErrors.ClusterNotFound(PlainText.Of(name), path).ToErrorRecord());
        }
        catch (EtcdException error)
        {
            ThrowTerminatingError(error.ToErrorRecord());
        }
    }

    /// <summary>Returns the names of the clusters that were found.</summary>
    private List<string> Forecast(string path, Predicate<string>? isChosen)
    {
        var found = new List<string>();
        foreach (string file in HistoryStore.Files(path))
        {
            (IReadOnlyList<HistoryRecord> records, int damaged) = HistoryFileReader.Read(file);
            if (damaged > 0)
                WriteWarning(
                    $"HistoryDamaged: {damaged} of {records.Count + damaged} lines of {PlainText.Of(file)} cannot be "
                        + "read and were left out."
                );
            foreach (EtcdForecast forecast in ForecastPolicy.Create(records, HorizonDays))
            {
                if (isChosen?.Invoke(forecast.ClusterName) is false)
                    continue;
                found.Add(forecast.ClusterName);
                WriteObject(forecast);
            }
        }
        if (found.Count == 0)
            WriteVerbose($"The history {path} has no samples of such a cluster.");
        return found;
    }

    private Predicate<string> Pattern()
    {
        WildcardPattern[] patterns = [.. _names.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        return name =>
            _names.Contains(name, StringComparer.OrdinalIgnoreCase)
            || Array.Exists(patterns, pattern => pattern.IsMatch(name));
    }
}
