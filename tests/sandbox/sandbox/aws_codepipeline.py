"""CodePipeline's operations over the engine: the shapes of the real answers, nothing more."""

import base64
import binascii

from .aws_pipelines import AwsError


def _revisions(execution):
    if execution.stage < 0 or not any(r.status == "Succeeded" and r.action.category == "Source"
                                      for r in execution.runs):
        return []
    rev = execution.revision
    return [{"name": "SourceOutput", "revisionId": rev["id"], "revisionSummary": rev["summary"],
             "revisionUrl": f"https://git.example.com/acme/{execution.pipeline.name}/commit/{rev['id']}",
             "created": execution.started}]


def _source_action(pipeline):
    return next((a.name for s in pipeline.stages for a in s.actions if a.category == "Source"), "Source")


class Operations:
    """call(operation, params, session) -> output. `session` says account, region and caller ARN."""

    page = 0  # the most entries of one answer, whatever was asked for; 0: as asked for

    def __init__(self, engine):
        self.engine = engine

    def call(self, operation, params, session, body):
        method = getattr(self, f"do_{operation}", None)
        if not method:
            raise AwsError("UnknownOperationException", f"the sandbox has no {operation}")
        self.engine.tick()
        return method(params, session, body)

    def _pipeline(self, params, session, key="pipelineName"):
        return self.engine.pipeline(session.account, session.region, params[key])

    def _page(self, rows, params, most):
        """AWS may answer with fewer than were asked for, and only a nextToken says that there are more."""
        size = min(params.get("maxResults", most), self.page or most)
        start = _start_of(params["nextToken"]) if "nextToken" in params else 0
        more = start + size < len(rows)
        return rows[start:start + size], _token_of(start + size) if more else None

    def do_ListPipelines(self, params, session, body):
        found = sorted((p for p in self.engine.pipelines.values()
                        if (p.account, p.region) == (session.account, session.region)), key=lambda p: p.name)
        page, token = self._page(found, params, 1000)
        out = {"pipelines": [{"name": p.name, "version": 1, "pipelineType": "V2", "executionMode": p.mode,
                              "created": 1760000000.0, "updated": 1760000000.0} for p in page]}
        return {**out, "nextToken": token} if token else out

    def do_GetPipeline(self, params, session, body):
        p = self._pipeline(params, session, "name")
        if params.get("version", 1) != 1:
            raise AwsError("PipelineVersionNotFoundException", f"{p.name} has no version {params['version']}")
        return {"pipeline": {
            "name": p.name, "version": 1, "executionMode": p.mode, "pipelineType": "V2",
            "roleArn": f"arn:aws:iam::{p.account}:role/pipeline",
            "variables": [{"name": k, "defaultValue": v} for k, v in p.variables.items()],
            "stages": [{"name": s.name, "actions": [
                {"name": a.name, "actionTypeId": a.type_id(), "runOrder": i + 1, "configuration": a.configuration,
                 **_timeout(a)}
                for i, a in enumerate(s.actions)]} for s in p.stages]},
            "metadata": {"pipelineArn": p.arn}}

    def do_StartPipelineExecution(self, params, session, body):
        p = self._pipeline(params, session, "name")
        e = self.engine.start(p, {"triggerType": "StartPipelineExecution", "triggerDetail": session.caller},
                              {v["name"]: v["value"] for v in params.get("variables", [])},
                              params.get("clientRequestToken"), params.get("sourceRevisions"))
        return {"pipelineExecutionId": e.id}

    def do_GetPipelineExecution(self, params, session, body):
        p = self._pipeline(params, session)
        e = self.engine.execution(p, params["pipelineExecutionId"])
        return {"pipelineExecution": {
            "pipelineName": p.name, "pipelineVersion": 1, "pipelineExecutionId": e.id, "status": e.status,
            "artifactRevisions": _revisions(e), "executionMode": p.mode, "executionType": "STANDARD",
            "variables": [{"name": k, "resolvedValue": v} for k, v in e.variables.items()],
            "trigger": e.trigger}}

    def do_ListPipelineExecutions(self, params, session, body):
        p = self._pipeline(params, session)
        found = sorted(self.engine.of(p), key=lambda e: -e.number)
        page, token = self._page(found, params, 100)
        out = {"pipelineExecutionSummaries": [{
            "pipelineExecutionId": e.id, "status": e.status, "startTime": e.started, "lastUpdateTime": e.changed,
            "sourceRevisions": [{"actionName": _source_action(p), "revisionId": r["revisionId"],
                                 "revisionSummary": r["revisionSummary"], "revisionUrl": r["revisionUrl"]}
                                for r in _revisions(e)],
            "trigger": e.trigger, "executionMode": p.mode, "executionType": "STANDARD"} for e in page]}
        return {**out, "nextToken": token} if token else out

    def do_ListActionExecutions(self, params, session, body):
        p = self._pipeline(params, session)
        wanted = params.get("filter", {}).get("pipelineExecutionId")
        if wanted:
            self.engine.execution(p, wanted)
        rows = [(e, r) for e in self.engine.of(p) if wanted in (None, e.id) for r in e.runs]
        rows.sort(key=lambda row: -row[1].started)
        page, token = self._page(rows, params, 100)
        out = {"actionExecutionDetails": [_action_detail(p, e, r) for e, r in page]}
        return {**out, "nextToken": token} if token else out

    def do_GetPipelineState(self, params, session, body):
        p = self._pipeline(params, session, "name")
        return {"pipelineName": p.name, "pipelineVersion": 1, "created": 1760000000.0, "updated": 1760000000.0,
                "stageStates": [self._stage_state(p, i, s) for i, s in enumerate(p.stages)]}

    def _stage_state(self, pipeline, index, stage):
        inside = [e for e in self.engine.of(pipeline) if e.stage >= index]
        latest = max(inside, key=lambda e: e.number, default=None)
        waiting = [e for e in self.engine.of(pipeline)
                   if e.waiting and e.status == "InProgress" and e.stage == index - 1]
        state = {"stageName": stage.name, "inboundTransitionState": {"enabled": True},
                 "inboundExecutions": [{"pipelineExecutionId": e.id, "status": "InProgress", "type": "STANDARD"}
                                       for e in waiting],
                 "actionStates": [_action_state(pipeline, latest, stage, a) for a in stage.actions]}
        if latest:
            status = latest.status if latest.stage == index else "Succeeded"
            if status == "Superseded":
                status = "Cancelled"
            if latest.stage == index and latest.waiting:
                status = "Succeeded"
            state["latestExecution"] = {"pipelineExecutionId": latest.id, "status": status, "type": "STANDARD"}
        return state

    def do_PutApprovalResult(self, params, session, body):
        return {"approvedAt": self.engine.put_approval(self._pipeline(params, session), params, session.caller, body)}


def _timeout(action):
    """Only approvals have one of their own here, and it is left out where it is AWS's: 7 days."""
    if action.category != "Approval" or action.timeout == 7 * 86400:
        return {}
    return {"timeoutInMinutes": max(5, round(action.timeout / 60))}


def _token_of(start):
    return base64.b64encode(f"from {start}".encode()).decode()


def _start_of(token):
    try:
        return int(base64.b64decode(token, validate=True).decode().removeprefix("from "))
    except (ValueError, binascii.Error):
        raise AwsError("InvalidNextTokenException", "The next token was specified in an invalid format.") from None


def _run_of(execution, stage, action):
    runs = [r for r in execution.runs if r.stage == stage.name and r.action is action]
    return runs[-1] if runs else None


def _action_state(pipeline, execution, stage, action):
    state = {"actionName": action.name}
    run = _run_of(execution, stage, action) if execution else None
    if not run:
        return state
    latest = {"actionExecutionId": run.id, "status": run.status, "lastStatusChange": run.changed}
    if run.summary:
        latest["summary"] = run.summary
    if run.updated_by:
        latest["lastUpdatedBy"] = run.updated_by
    if run.token and run.status == "InProgress" and pipeline.mode != "PARALLEL":
        latest["token"] = run.token
    if run.error:
        latest["errorDetails"] = run.error
    state["latestExecution"] = latest
    if action.category == "Source" and run.status == "Succeeded":
        state["currentRevision"] = {"revisionId": execution.revision["id"],
                                    "revisionChangeId": execution.revision["id"], "created": run.changed}
    return state


def _action_detail(pipeline, execution, run):
    result = {}
    if run.summary:
        result["externalExecutionSummary"] = run.summary
    if run.token and pipeline.mode == "PARALLEL":
        result["externalExecutionId"] = run.token
    if run.error:
        result["errorDetails"] = run.error
    if run.action.category in ("Build", "Deploy", "Test"):
        result["externalExecutionUrl"] = f"https://console.aws.amazon.com/{run.action.provider.lower()}/{run.id}"
    variables = {}
    if run.action.category == "Source" and run.status == "Succeeded":
        variables = {"CommitId": execution.revision["id"], "CommitMessage": execution.revision["summary"],
                     "BranchName": "main"}
    detail = {"pipelineExecutionId": execution.id, "actionExecutionId": run.id, "pipelineVersion": 1,
              "stageName": run.stage, "actionName": run.action.name, "startTime": run.started,
              "lastUpdateTime": run.changed, "status": run.status,
              "input": {"actionTypeId": run.action.type_id(), "configuration": run.action.configuration,
                        "resolvedConfiguration": run.action.configuration, "region": pipeline.region,
                        "inputArtifacts": []},
              "output": {"outputArtifacts": [], "executionResult": result, "outputVariables": variables}}
    if run.updated_by:
        detail["updatedBy"] = run.updated_by
    return detail
