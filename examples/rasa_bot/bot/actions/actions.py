"""Custom actions, served by rasa-sdk."""
import asyncio
import json
from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection


class ActionEchoMetadata(Action):
    def name(self) -> Text:
        return "action_echo_metadata"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]) -> List[Dict]:
        meta = tracker.latest_message.get("metadata")
        dispatcher.utter_message(text="metadata=" + json.dumps(meta, sort_keys=True))
        source = (meta or {}).get("source") if isinstance(meta, dict) else None
        return [SlotSet("last_source", source)]


class ActionRich(Action):
    def name(self) -> Text:
        return "action_rich"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]) -> List[Dict]:
        dispatcher.utter_message(text="one")
        dispatcher.utter_message(text="two", buttons=[{"title": "T", "payload": "/greet"}])
        dispatcher.utter_message(image="http://example.com/rich.png")
        dispatcher.utter_message(attachment={"type": "video", "payload": {"src": "http://example.com/v.mp4"}})
        dispatcher.utter_message(json_message={"hello": ["world", 1, None, True]})
        dispatcher.utter_message(response="utter_template_kwargs", what="kwarg")
        dispatcher.utter_message(elements=[{"title": "E1", "subtitle": "S1", "buttons": [{"title": "EB", "payload": "/greet"}]}, {"title": "E2"}])
        dispatcher.utter_message(text="all", image="http://example.com/a.png", buttons=[{"title": "B", "payload": "/b"}], json_message={"k": 1}, attachment="http://example.com/a.pdf")
        return []


class ActionFail(Action):
    def name(self) -> Text:
        return "action_fail"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="never delivered")
        raise RuntimeError("boom")


class ActionReject(Action):
    def name(self) -> Text:
        return "action_reject"

    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection(self.name(), "rejected on purpose")


class ActionSlow(Action):
    def name(self) -> Text:
        return "action_slow"

    async def run(self, dispatcher, tracker, domain):
        await asyncio.sleep(3)
        dispatcher.utter_message(text="slow done")
        return []
